#include "call/orphans.h"

#include "around/ended.h"
#include "around/left.h"
#include "base/options.h"
#include "entry/event_here.h"
#include "finding/race.h"
#include "format/record.h"
#include "protocol/family.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/life.h"
#include "protocol/refusal.h"
#include "thread/event.h"

void hg_tell_orphans(struct hg_call *call, struct hg_guard *guard, uint32_t generation, enum hg_children children)
{
	if (call->internal || !(guard->class->flags & HG_CLASS_PARENT) ||
	    !hg_children_can(guard->class, children, HG_CHILDREN_ORPHANED) || !hg_may_have_orphans(guard, generation))
		return;
	struct hg_event event = hg_event_here(call, guard->value);
	hg_report_orphans(guard, generation, children, &event);
}

bool hg_is_orphan(struct hg_call *call, struct hg_guard *guard, struct hg_parting *parting)
{
	return !call->internal && hg_family_has(guard) && hg_family_orphaned(guard, parting) && !parting->closed &&
	       !parting->attached && !hg_inside_free(call, guard);
}

bool hg_free_orphan(struct hg_call *call, struct hg_guard *guard, const struct hg_parting *parting)
{
	/* Not as a round before this one has seen it, for another life. */
	hg_refusal_keep(guard, atomic_load(&guard->word));
	struct hg_event event = hg_event_here(call, guard->value);
	/* What the parent's free ends is left to it. */
	bool ends = parting->children == HG_CHILDREN_ENDED;
	hg_report_call(ends ? HG_KIND_REPEAT_FREE : HG_KIND_ORPHAN, guard, &event);
	if (hg_options.mode == HG_MODE_OBSERVE)
		return true;
	if (!ends && hg_guard_give_up(guard, &event))
		hg_count_end(call->context, guard, HG_CLASS_LEAKED);
	return false;
}
