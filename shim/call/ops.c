/* Ops: a call enters the guards of the handles that it uses, or is late. */
#include "call/ops.h"

#include "around/ended.h"
#include "around/entered.h"
#include "around/exclusive.h"
#include "around/expected.h"
#include "around/left.h"
#include "base/counters.h"
#include "base/options.h"
#include "call/clearing.h"
#include "call/named.h"
#include "call/orphans.h"
#include "call/owner.h"
#include "call/shared.h"
#include "entry/arguments.h"
#include "entry/event_here.h"
#include "finding/race.h"
#include "format/record.h"
#include "protocol/class.h"
#include "protocol/closed.h"
#include "protocol/descendants.h"
#include "protocol/end.h"
#include "protocol/ending.h"
#include "protocol/family.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/life.h"
#include "thread/event.h"
#include "thread/frames.h"

/* False: the op is to be rejected. */
static bool late_op(struct hg_call *call, struct hg_guard *guard, enum hg_kind kind)
{
	if (kind != HG_KIND_REPEAT_FREE && (hg_inside_free(call, guard) || hg_inside_clearing(call, guard)))
		return true;
	struct hg_event event = hg_event_here(call, guard->value);
	if (guard->class->flags & HG_CLASS_SHARED && kind == HG_KIND_LATE_OP)
		hg_note_late_holder(call, guard);
	hg_report_call(kind, guard, &event);
	if (hg_options.mode != HG_MODE_OBSERVE)
		return false;
	struct hg_frame frame = hg_frame_of(call, guard->value);
	frame.guard = (uint64_t)guard;
	struct hg_frame *in = hg_frame_push(call->context, &frame);
	if (in)
		hg_note_entered(call, guard, in);
	return true;
}

/* What the close itself calls back may use the handle: the library is to say. */
static bool is_inside_close(const struct hg_call *call, const struct hg_guard *guard)
{
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(call->context, frame));)
		if (frame->guard == (uint64_t)guard &&
		    hg_slot_has_way((const struct hg_slot *)frame->slot, HG_USE_CLOSES))
			return true;
	return false;
}

/* The last legal op has entered. Of two at once one is it. (Where nothing is changed, one that came late is in too, and
 * told.) */
static bool close_handle(struct hg_call *call, struct hg_guard *guard)
{
	struct hg_event event = hg_event_here(call, guard->value);
	bool inside = is_inside_close(call, guard);
	return hg_guard_close(guard, &event) || inside || hg_options.mode == HG_MODE_OBSERVE ||
	       late_op(call, guard, HG_KIND_LATE_OP);
}

/* An op on a child whose parent's free has begun, on what is closed, or on that to which is attached what is freed. */
static bool orphaned_op(struct hg_call *call, struct hg_guard *guard, const struct hg_parting *parting,
                        const struct hg_image_use *use)
{
	struct hg_guard *freed = parting->from;
	/* It is what that free waits for. */
	if (freed && use->allowed_while_freeing && hg_guard_visit_draining(freed)) {
		hg_note_entered(call, freed, NULL);
		return true;
	}
	if (parting->closed && is_inside_close(call, guard))
		return true;
	if (parting->attached)
		return (use->ways & HG_USE_SPARES) || hg_inside_free(call, freed) ||
		       late_op(call, guard, HG_KIND_DANGLING);
	bool ends = parting->closed || parting->children == HG_CHILDREN_ENDED;
	return late_op(call, guard, ends ? HG_KIND_LATE_OP : HG_KIND_ORPHAN);
}

/* Of two at once one enters. Where nothing is changed both do. */
static enum hg_ending begin_ending(struct hg_call *call, struct hg_guard *guard)
{
	uint64_t word = atomic_load(&guard->word);
	call->free_generation = hg_word_generation(word);
	if (hg_options.mode != HG_MODE_OBSERVE)
		return hg_guard_begin_ending(guard, call->context, call->free_frame,
		                             hg_can_fail(call->slot) ? guard->class->deadline_ns : 0,
		                             &call->free_generation);
	return word & HG_WORD_LIVE ? HG_ENDING_BEGUN : HG_ENDING_OVER;
}

bool hg_enter_ending(struct hg_call *call, struct hg_guard *guard, enum hg_children children)
{
	struct hg_parting parting;
	enum hg_ending ending;
	hg_push_free_frame(call, guard);
	do
		ending = begin_ending(call, guard);
	while (ending == HG_ENDING_OVER && hg_expect(call, guard, HG_KIND_REPEAT_FREE));
	if (ending != HG_ENDING_BEGUN)
		return call->internal || late_op(call, guard, HG_KIND_REPEAT_FREE);
	call->ending = guard;
	call->free_children = children;
	/* The life may have begun since the frame was pushed. */
	if (call->free_frame)
		hg_frame_name_parent(call->free_frame, guard);
	struct hg_event event = hg_event_here(call, guard->value);
	if (hg_options.mode != HG_MODE_OBSERVE)
		hg_end_store(guard, &event, call->free_generation);
	if (!hg_is_orphan(call, guard, &parting) || hg_free_orphan(call, guard, &parting))
		return true;
	call->ending = NULL;
	hg_guard_stop_ending(guard, call->free_generation);
	return false;
}

/* An op without a frame is in flight on the ancestors too. False: it is to be rejected. */
static bool visit_ancestors(struct hg_call *call, struct hg_guard *guard, const struct hg_image_use *use)
{
	struct hg_guard *held[HG_FAMILY_COUNTED];
	hg_family_count(guard, held);
	for (int i = 0; i < HG_FAMILY_COUNTED; i++)
		if (held[i])
			hg_note_entered(call, held[i], HG_ENTERED_AS_ANCESTOR);
	struct hg_parting parting;
	return !hg_family_orphaned(guard, &parting) || orphaned_op(call, guard, &parting, use);
}

static unsigned how_to_enter(const struct hg_image_use *use)
{
	return (use->allowed_while_freeing ? HG_ENTER_WHILE_FREEING : 0) |
	       (use->ways & HG_USE_SPARES ? HG_ENTER_SPARING : 0);
}

static enum hg_entry enter_alone(struct hg_call *call, struct hg_guard *guard, const struct hg_frame *frame,
                                 const struct hg_image_use *use, struct hg_frame **in)
{
	for (;;) {
		struct hg_overlap overlap;
		hg_exclusive_before(call, guard, &overlap);
		enum hg_entry entry =
		    hg_guard_enter(guard, call->context, frame, how_to_enter(use) & HG_ENTER_SPARING, in);
		if (entry == HG_LATE || entry == HG_ORPHANED)
			hg_exclusive_refused(call, guard, &overlap);
		else if (entry == HG_ENTERED && !hg_exclusive_entered(call, guard, &overlap)) {
			hg_guard_leave(guard, *in);
			continue;
		}
		return entry;
	}
}

/* False: the op is to be rejected. */
static bool enter_guard(struct hg_call *call, struct hg_guard *guard, const struct hg_frame *frame,
                        const struct hg_image_use *use)
{
	bool alone = hg_is_exclusive(guard->class) && hg_must_be_alone(use);
	struct hg_frame *in = NULL;
	struct hg_parting parting;
	for (;;)
		switch (alone ? enter_alone(call, guard, frame, use, &in)
		              : hg_guard_enter(guard, call->context, frame, how_to_enter(use), &in)) {
		case HG_LATE:
			if (hg_expect(call, guard, HG_KIND_LATE_OP))
				continue;
			return late_op(call, guard, HG_KIND_LATE_OP);
		case HG_ORPHANED:
			/* It may be over by now: failed, or the guard has ended too. */
			if (!hg_family_orphaned(guard, &parting))
				continue;
			return orphaned_op(call, guard, &parting, use);
		case HG_ENTERED_FRAMELESS:
			hg_note_entered(call, guard, NULL);
			return visit_ancestors(call, guard, use);
		case HG_ENTERED:
			hg_note_entered(call, guard, in);
			return true;
		}
}

static bool enter_handle(struct hg_call *call, const struct hg_image_use *use, const struct hg_class *class,
                         uint64_t value)
{
	if (call->entered_count == HG_CALL_USES) {
		hg_count(HG_COUNTER_HANDLES_CUT);
		return true;
	}
	struct hg_guard *guard = hg_guard_of(call, class, value);
	if (!guard)
		return true;
	struct hg_frame frame = hg_frame_of(call, value);
	if (use->frees == HG_USE_ENDS_LATER) {
		if (hg_withhold_inherited(call, guard))
			return false;
		hg_exclusive_before_free(call, use, guard);
		return hg_enter_ending(call, guard, (enum hg_children)use->children);
	}
	bool inherited = hg_tell_inherited(call, guard), entered = enter_guard(call, guard, &frame, use);
	if (inherited)
		hg_inherited_entered(call->context, guard);
	if (entered && use->ways & HG_USE_CLOSES && !close_handle(call, guard))
		return false;
	if (entered && use->ways & HG_USE_MAY_END)
		hg_guard_may_end(guard);
	return entered;
}

bool hg_enter_op(struct hg_call *call, const struct hg_image_use *use)
{
	const struct hg_class *class = hg_class_at(call->slot, use->class_index);
	struct hg_image_place place = hg_place_of_use(use);
	bool meant = !call->internal && hg_is_chosen(call, &use->choice);
	uint32_t count = meant && !use->all ? hg_handle_count(call, &place) : 0;
	uint64_t value;
	call->ties |= meant && use->ways & (HG_USE_ATTACHES | HG_USE_DETACHES);
	for (uint32_t i = 0; i < count; i++)
		if (hg_is_refused(call, use, i, class) ||
		    (hg_read_handle(call, use, i, class, &value) && !enter_handle(call, use, class, value)))
			return false;
	return true;
}
