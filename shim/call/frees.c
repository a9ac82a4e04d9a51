/* Frees: a call ends a handle, now or when it returns. */
#include "call/frees.h"

#include "around/ended.h"
#include "around/entered.h"
#include "around/exclusive.h"
#include "around/expected.h"
#include "around/left.h"
#include "base/options.h"
#include "call/clearing.h"
#include "call/deferred.h"
#include "call/named.h"
#include "call/ops.h"
#include "call/orphans.h"
#include "call/owner.h"
#include "call/reject.h"
#include "call/shared.h"
#include "call/tying.h"
#include "entry/arguments.h"
#include "entry/event_here.h"
#include "finding/limit.h"
#include "finding/race.h"
#include "format/record.h"
#include "protocol/class.h"
#include "protocol/descendants.h"
#include "protocol/end.h"
#include "protocol/ending.h"
#include "protocol/family.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "protocol/life.h"
#include "protocol/recent.h"
#include "protocol/refusal.h"
#include "protocol/tables.h"
#include "thread/event.h"
#include "thread/frames.h"
#include "thread/thread.h"
#include "waking/wake.h"
#include "waking/waker.h"

enum { AT_EXIT_MS = 100 }; /* no limit: how long the end of the process may be held up */

static bool is_shared(const struct hg_guard *guard)
{
	return guard->class->flags & HG_CLASS_SHARED && guard != guard->class->root;
}

/* A handler at exit is run in any case, soon, and by nobody else: the process is about to end. */
static bool is_at_exit(const struct hg_slot *slot)
{
	return hg_slot_has_way(slot, HG_USE_AT_EXIT);
}

static enum hg_free_how how_to_free(const struct hg_call *call, const struct hg_class *class)
{
	if (call->internal)
		return HG_FREE_SILENT;
	if (hg_options.mode == HG_MODE_OBSERVE)
		return HG_FREE_OBSERVE;
	if (is_at_exit(call->slot))
		return HG_FREE_WAIT;
	static const enum hg_free_how hows[] = {
	    [HG_DRAIN_WAIT] = HG_FREE_WAIT, [HG_DRAIN_DEFER] = HG_FREE_DEFER, [HG_DRAIN_AUTO] = HG_FREE_AUTO};
	return hows[class->drain];
}

static uint64_t deadline_of(const struct hg_call *call, const struct hg_class *class)
{
	uint64_t at_exit = UINT64_C(1000000) * AT_EXIT_MS;
	return is_at_exit(call->slot) && class->deadline_ns > at_exit ? at_exit : class->deadline_ns;
}

/* A class that was torn down is to be used again at once: nobody must tear it down later. */
static bool outlasts(const struct hg_guard *guard)
{
	return guard->class->after_deadline == HG_AFTER_DEADLINE_DEFER && guard != guard->class->root;
}

/* A free that has lost: whether the real function is called all the same. */
static bool repeat_free(struct hg_call *call, struct hg_guard *guard, const struct hg_event *event)
{
	/* A destroy callback may free what ends with its handle: once. */
	bool anticipates = !call->internal && hg_ending_around(call, guard);
	if (anticipates)
		hg_end_store(guard, event, hg_guard_generation(guard));
	if (call->internal || anticipates || is_at_exit(call->slot)) {
		/* Its callbacks may use the handle, as those of the free that it completes. */
		if (call->free_frame)
			hg_frame_runs(call->context, call->free_frame, hg_guard_generation(guard));
		call->runs = call->free_frame != NULL;
		return true;
	}
	/* To tear down what is being torn down is nobody's mistake. */
	if (guard == guard->class->root)
		hg_return_deferred(call);
	else
		hg_report_call(HG_KIND_REPEAT_FREE, guard, event);
	return hg_options.mode == HG_MODE_OBSERVE;
}

struct free_call {
	struct hg_race race; /* first: hg_inspect_race takes it by the same address */
	const struct hg_call *call;
	enum hg_children children;
	unsigned others; /* ops in flight of other threads */
	struct hg_waker *waker;
};

/* Whether the library itself waits for the ops inside which it is asked to free; or these never return, as the process
 * ends inside them. */
static bool waits_for_own(const struct hg_slot *slot)
{
	return hg_slot_has_way(slot, HG_USE_REENTRANT | HG_USE_AT_EXIT);
}

/* Whether the real free must run on the thread that called it, if anywhere. */
static bool is_bound(const struct hg_guard *guard, const struct hg_slot *slot)
{
	const struct hg_image_use *use = hg_uses_of(slot);
	bool bound = guard->class->flags & HG_CLASS_OWN_THREAD;
	for (uint32_t i = 0; i < slot->use_count; i++)
		bound |= use[i].callbacks;
	return bound;
}

static void inspect(struct hg_guard *guard, const struct hg_holders *holders, void *argument)
{
	struct free_call *this = argument;
	bool wakes = false;
	this->others = holders->others;
	if (hg_options.mode != HG_MODE_OBSERVE)
		this->race.waker = hg_waker_symbol(holders, this->call->context, &wakes);
	hg_inspect_race(guard, holders, &this->race);
	this->waker = wakes ? hg_waker_start(guard, this->call->context) : NULL;
}

/* Only to an op of its own thread can a free be left that no other thread may run; to none, where the handle's memory
 * is the caller's again as soon as the free has returned. */
static struct hg_pending *prepare(struct hg_guard *guard, void *argument)
{
	const struct free_call *this = argument;
	if (guard->class->flags & HG_CLASS_IN_PLACE || is_at_exit(this->call->slot))
		return NULL;
	bool bound = is_bound(guard, this->call->slot);
	struct hg_pending *pending = bound && this->others ? NULL : hg_deferred_free(guard, this->call, this->children);
	if (pending)
		pending->only = bound ? this->call->context : NULL;
	return pending;
}

/* What becomes of the free, and what the call does next. True: call the real function now. */
static bool follow(struct hg_call *call, struct hg_guard *guard, const struct hg_free_result *result,
                   enum hg_children children)
{
	switch (result->outcome == HG_TIMED_OUT && is_at_exit(call->slot) ? HG_DRAINED : result->outcome) {
	case HG_DRAINED:
		call->freeing = guard;
		call->free_generation = result->generation;
		call->free_children = children;
		if (call->free_frame)
			hg_frame_runs(call->context, call->free_frame, result->generation);
		/* A free that cannot fail takes its children along before their addresses can be handed out again. */
		if (!hg_can_fail(call->slot))
			hg_end_children(call->context, guard, result->generation, children, HG_CLASS_FREED);
		return true;
	case HG_TIMED_OUT:
		hg_ended(call->context, guard, result->generation, children, HG_CLASS_LEAKED);
		return false;
	case HG_OUTLASTED:
		return false;
	default:
		hg_return_deferred(call);
		return false;
	}
}

/* Whether a shared handle was handed out again after its last holder's free had been let through, and before it was
 * done: the library has not heard of the free yet. If the create did not find it begun, it has counted the end of that
 * life. */
static bool is_handed_out(struct hg_call *call, struct hg_guard *guard, const struct hg_free_result *result)
{
	if (!is_shared(guard) || !result->overtaken)
		return false;
	hg_count_class(call->context, guard->class, HG_CLASS_FREED);
	hg_limit_went(guard->class);
	return true;
}

enum beginning {
	BEGIN_REFUSED,  /* do not call the real function */
	BEGIN_CALL,     /* call the real function now */
	BEGIN_OVERTAKEN /* it is another life's by now */
};

/* Runs the free's protocol on a guard, in this generation: it is that life's parent which the call's frame names, and
 * was looked at. */
static enum beginning begin_free(struct hg_call *call, struct hg_guard *guard, enum hg_children children,
                                 uint32_t generation)
{
	struct free_call this;
	hg_race_begin(&this.race, is_at_exit(call->slot) ? HG_RACE_GOES_ON : 0);
	this.race.event = hg_event_here(call, guard->value);
	this.call = call;
	this.children = children;
	this.others = 0;
	this.waker = NULL;
	struct hg_free_request request = {.how = how_to_free(call, guard->class),
	                                  .generation = generation,
	                                  .deadline_ns = deadline_of(call, guard->class),
	                                  .outlasts = outlasts(guard),
	                                  .own_may_stay = waits_for_own(call->slot),
	                                  .children = children,
	                                  .event = &this.race.event,
	                                  .prepare = prepare,
	                                  .inspect = inspect,
	                                  .argument = &this};
	hg_retire_left_of(call, guard);
	hg_recent_note(guard->class, guard->value, &this.race.event);
	struct hg_free_result result = hg_guard_begin_free(guard, call->context, &request);
	bool gave_up = result.outcome == HG_TIMED_OUT || result.outcome == HG_OUTLASTED;
	if (this.waker && hg_waker_stop(this.waker, result.outcome == HG_DEFERRED) && gave_up)
		this.race.flags |= HG_RACE_CALLING;
	bool over = result.outcome == HG_ALREADY_FREEING && !is_shared(guard);
	if (result.generation != generation || is_handed_out(call, guard, &result) ||
	    (over && hg_expect(call, guard, HG_KIND_REPEAT_FREE))) {
		hg_race_drop(&this.race);
		hg_recent_drop(guard->class, guard->value, call->context->tid);
		return BEGIN_OVERTAKEN;
	}
	if (result.outcome == HG_ALREADY_FREEING) {
		hg_recent_drop(guard->class, guard->value, call->context->tid);
		return repeat_free(call, guard, &this.race.event) ? BEGIN_CALL : BEGIN_REFUSED;
	}
	hg_report_race(&this.race, &result, guard);
	if (result.outcome == HG_TIMED_OUT || !hg_can_fail(call->slot))
		hg_tell_orphans(call, guard, result.generation, children);
	return follow(call, guard, &result, children) ? BEGIN_CALL : BEGIN_REFUSED;
}

/* *going_on: the handle lives, though the real function is called. */
static bool free_shared(struct hg_call *call, const struct hg_image_use *use, struct hg_guard *guard,
                        enum hg_children children, bool *going_on)
{
	enum beginning beginning = BEGIN_REFUSED;
	enum hg_sharing sharing;
	uint32_t generation;
	/* Each round more is another thread's, which has been given the handle meanwhile. */
	do {
		sharing = hg_drop_claims(call, use, guard, beginning == BEGIN_OVERTAKEN, &generation);
		if (sharing == HG_SHARING_OVER && hg_expect(call, guard, HG_KIND_REPEAT_FREE))
			continue;
		if (sharing == HG_SHARING_ENDS)
			beginning = begin_free(call, guard, children, generation);
	} while ((sharing == HG_SHARING_ENDS && beginning == BEGIN_OVERTAKEN) ||
	         (sharing == HG_SHARING_OVER && hg_guard_lives(guard)));
	*going_on = sharing == HG_SHARING_GOES_ON;
	if (sharing == HG_SHARING_WITHHELD)
		hg_return_deferred(call);
	if (sharing != HG_SHARING_OVER)
		return *going_on || (sharing == HG_SHARING_ENDS && beginning == BEGIN_CALL);
	if (!call->internal && hg_claim_inside(call, guard, -1))
		return true;
	struct hg_event event = hg_event_here(call, guard->value);
	return repeat_free(call, guard, &event);
}

/* What this call means for what was made from the guard. */
static enum hg_children children_of(const struct hg_image_use *use, struct hg_guard *guard)
{
	uint32_t generation = hg_guard_generation(guard);
	return use->all ? HG_CHILDREN_ENDED : hg_family_said(guard, generation, (enum hg_children)use->children);
}

static enum beginning free_life(struct hg_call *call, const struct hg_image_use *use, struct hg_guard *guard,
                                bool *going_on)
{
	uint32_t generation = hg_guard_generation(guard);
	enum hg_children children = children_of(use, guard);
	struct hg_parting parting;
	hg_push_free_frame(call, guard);
	if (hg_is_orphan(call, guard, &parting))
		return hg_free_orphan(call, guard, &parting) ? begin_free(call, guard, HG_CHILDREN_KEPT, generation)
		                                             : BEGIN_REFUSED;
	if (is_shared(guard))
		return free_shared(call, use, guard, children, going_on) ? BEGIN_CALL : BEGIN_REFUSED;
	return begin_free(call, guard, children, generation);
}

static bool free_guard(struct hg_call *call, const struct hg_image_use *use, struct hg_guard *guard)
{
	enum hg_children children = children_of(use, guard);
	if (!call->internal && hg_family_refuses(guard, children))
		return hg_enter_ending(call, guard, children);
	bool going_on = false;
	enum beginning beginning;
	/* Each round more is for another life, which has begun meanwhile. */
	while ((beginning = free_life(call, use, guard, &going_on)) == BEGIN_OVERTAKEN)
		hg_pop_free_frame(call);
	if (!call->freeing && !call->runs && !going_on)
		hg_pop_free_frame(call);
	return beginning == BEGIN_CALL;
}

bool hg_enter_free(struct hg_call *call, const struct hg_image_use *use)
{
	const struct hg_class *class = hg_class_at(call->slot, use->class_index);
	uint64_t value;
	if (!hg_is_chosen(call, &use->choice))
		return true;
	if (use->all == HG_ALL_OF_PARENT)
		return hg_enter_clearing(call, use);
	if (use->all)
		return free_guard(call, use, class->root);
	if (hg_is_refused(call, use, 0, class))
		return false;
	if (!hg_read_handle(call, use, 0, class, &value))
		return true;
	/* The library ends a handle of its own that we never met. */
	if (call->internal && !hg_table_find(class, value))
		return true;
	struct hg_guard *guard = hg_guard_of(call, class, value);
	if (!guard)
		return true;
	if (hg_withhold_inherited(call, guard) || hg_withhold_given(call, guard))
		return false;
	if (use->frees == HG_USE_FREES)
		hg_exclusive_before_free(call, use, guard);
	return free_guard(call, use, guard);
}

void hg_settle_free(struct hg_call *call)
{
	struct hg_guard *guard = call->freeing;
	enum hg_children children = (enum hg_children)call->free_children;
	if (hg_free_took_place(call->slot, call->result[0])) {
		if (hg_can_fail(call->slot))
			hg_tell_orphans(call, guard, call->free_generation, children);
		hg_ended(call->context, guard, call->free_generation, children, HG_CLASS_FREED);
		hg_detach_freed(call->slot, guard, call->free_generation);
	} else {
		hg_recent_drop(guard->class, guard->value, call->context->tid);
		hg_guard_revive(guard, call->free_generation);
	}
	if (!call->ending)
		hg_pop_free_frame(call);
}

/* Whether it was the library that has ended this life: the function itself, by its own close. */
static bool ended_by_library(const struct hg_guard *guard, uint32_t generation)
{
	return hg_winning_free(guard, generation).flags & HG_EVENT_INTERNAL;
}

/* The function has waited for the handle's other users by itself; one that is still there now was missed by it. */
void hg_end_handle(struct hg_call *call)
{
	struct hg_guard *guard = call->ending;
	/* What should have been refused for their sake was not. */
	bool refused = call->free_children == HG_CHILDREN_REFUSED;
	enum hg_children children = refused ? HG_CHILDREN_ORPHANED : (enum hg_children)call->free_children;
	if (!hg_free_took_place(call->slot, call->result[0])) {
		hg_guard_stop_ending(guard, call->free_generation);
		return;
	}
	/* Meanwhile its callbacks may have left ops of it. */
	hg_retire_left_of(call, guard);
	struct hg_race race;
	hg_race_begin(&race, HG_RACE_PASSED);
	race.event = hg_event_here(call, guard->value);
	struct hg_free_request request = {.how = HG_FREE_OBSERVE,
	                                  .generation = call->free_generation,
	                                  .children = children,
	                                  .event = &race.event,
	                                  .inspect = hg_inspect_race,
	                                  .argument = &race};
	struct hg_free_result result = hg_guard_begin_free(guard, call->context, &request);
	hg_guard_stop_ending(guard, call->free_generation);
	/* Before the function returned, its library may have handed the same value out again. */
	bool outlived =
	    result.overtaken || (result.outcome == HG_ALREADY_FREEING && result.generation != call->free_generation);
	if (result.outcome == HG_ALREADY_FREEING && !outlived) {
		if (!ended_by_library(guard, call->free_generation))
			hg_report_passed_free(guard, &race.event);
		return;
	}
	hg_recent_note(guard->class, guard->value, &race.event);
	if (!outlived) {
		hg_report_race(&race, &result, guard);
		hg_tell_orphans(call, guard, call->free_generation, children);
	} else
		hg_race_drop(&race);
	hg_ended(call->context, guard, call->free_generation, children, HG_CLASS_FREED);
	hg_detach_freed(call->slot, guard, call->free_generation);
}
