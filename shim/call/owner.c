#include "call/owner.h"

#include "base/options.h"
#include "call/reject.h"
#include "entry/event_here.h"
#include "finding/race.h"
#include "format/image.h"
#include "process/ancestors.h"
#include "process/process.h"
#include "protocol/class.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/life.h"
#include "thread/cache.h"
#include "thread/event.h"
#include "thread/thread.h"

bool hg_is_inherited(const struct hg_call *call, const struct hg_guard *guard)
{
	if (!(guard->class->flags & HG_CLASS_OWN_PROCESS) || call->internal || !hg_process_is_forked())
		return false;
	struct hg_event create = hg_event_of_life(&guard->create, hg_guard_generation(guard));
	if (!create.ticks || !hg_event_inherited(&create) || !hg_guard_lives(guard))
		return false;
	return guard->class->flags & HG_CLASS_OWN_PROCESS_STRICT || hg_ancestor_outlived(create.ticks);
}

bool hg_tell_inherited(struct hg_call *call, struct hg_guard *guard)
{
	if (!hg_is_inherited(call, guard))
		return false;
	struct hg_event event = hg_event_here(call, guard->value);
	hg_report_inherited(guard, &event, false);
	return true;
}

void hg_inherited_entered(struct hg_context *context, const struct hg_guard *guard)
{
	struct hg_cache_entry *entry = hg_cache_at(context, guard->value);
	if (entry->guard == guard)
		entry->class = NULL;
}

bool hg_withhold_inherited(struct hg_call *call, struct hg_guard *guard)
{
	if (!hg_is_inherited(call, guard))
		return false;
	bool withheld = hg_options.mode == HG_MODE_GUARD;
	struct hg_event event = hg_event_here(call, guard->value);
	hg_report_inherited(guard, &event, withheld);
	if (withheld)
		hg_return_deferred(call);
	return withheld;
}
