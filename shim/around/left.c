/* How a call stands to those that its thread is in: inside a real free, or above calls that were left without a return.
 */
#include "around/left.h"

#include "around/ended.h"
#include "around/entered.h"
#include "base/counters.h"
#include "bind/slots.h"
#include "entry/event_here.h"
#include "format/image.h"
#include "format/record.h"
#include "protocol/end.h"
#include "protocol/family.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/in_flight.h"
#include "protocol/life.h"
#include "stack/standing.h"
#include "thread/event.h"
#include "thread/frames.h"
#include "thread/thread.h"

static struct hg_frame here(const struct hg_call *call)
{
	return hg_frame_of(call, 0);
}

bool hg_is_in_flight_at(const struct hg_context *context, uint64_t fp)
{
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(context, frame));)
		if (hg_frame_used(frame) && frame->fp == fp)
			return true;
	return false;
}

/* --- left without a return --- */

/* A free whose real function was left, by a destroy callback that raises, has ended its handle, if that has not ended
 * with another one's. */
static void settle(struct hg_context *context, const struct hg_frame *frame)
{
	struct hg_guard *guard = hg_frame_guard(frame->guard);
	uint32_t generation = guard ? hg_guard_generation(guard) : 0;
	if (guard && !(frame->guard & HG_FRAME_OWN) && hg_frame_is_running(context, frame, generation) &&
	    !hg_guard_lives(guard) && !hg_family_ended_by(guard))
		hg_ended(context, guard, generation, hg_family_policy(guard), HG_CLASS_FREED);
}

void hg_retire(struct hg_context *context, struct hg_frame *frame)
{
	settle(context, frame);
	hg_leave_frame(frame);
}

static void retire(struct hg_context *context, struct hg_frame *frame)
{
	hg_count(HG_COUNTER_CALLS_LEFT);
	hg_retire(context, frame);
}

/* Whether a call of the function has one frame only. */
static bool has_one_frame(const struct hg_slot *slot)
{
	const struct hg_image_use *use = hg_uses_of(slot);
	return slot->use_count == 1 && !use->stride && !slot->make_count;
}

/* Whether a newer call stands where this one did. */
static bool is_replaced(const struct hg_context *context, const struct hg_frame *older)
{
	if (atomic_load(&hg_stacks_are_copied))
		return false;
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(context, frame)) && frame != older;)
		if (hg_frame_used(frame) && frame->fp == older->fp &&
		    (frame->slot != older->slot || has_one_frame((const struct hg_slot *)frame->slot)))
			return !(frame->fp & 1);
	return false;
}

static bool is_left(const struct hg_call *call, const struct hg_frame *frame)
{
	struct hg_frame at = here(call);
	return is_replaced(call->context, frame) || hg_standing(call->context, &at, frame) == HG_STANDING_LEFT;
}

/* Of a call that is in flight on several handles, one frame tells of all: to look at one costs a walk of the stack. */
static bool is_of_same_call(const struct hg_frame *frame, const struct hg_frame *kept)
{
	return kept && frame->fp == kept->fp && frame->slot == kept->slot;
}

/* Calls nest: of two on one stack the newer one stands further in, and each has looked further out when it began. */
void hg_retire_left_calls(struct hg_call *call)
{
	/* At frames that have not been left, which cost; and at such as stand further out, of which there may be very
	 * many. no limit: a free looks at all of its handle */
	enum { LOOKS = 4, OUTWARD = 256 };
	struct hg_frame outermost = here(call);
	const struct hg_frame *kept = NULL;
	int looks = 0, outward = 0;
	for (struct hg_frame *frame = NULL;
	     looks < LOOKS && outward < OUTWARD && (frame = hg_frame_before(call->context, frame));) {
		if (!hg_frame_used(frame) || is_of_same_call(frame, kept))
			continue;
		bool may_be_left = hg_may_be_left(call->context, &outermost, frame);
		if (may_be_left && is_left(call, frame)) {
			retire(call->context, frame);
			continue;
		}
		kept = frame;
		looks += may_be_left;
		outward += !may_be_left;
		if (!may_be_left)
			outermost.fp = hg_outer(call->context, outermost.fp, frame->fp);
	}
}

void hg_retire_left_of(struct hg_call *call, const struct hg_guard *guard)
{
	for (struct hg_frame *frame = NULL; (frame = hg_frame_before(call->context, frame));)
		if (hg_frame_used(frame) && frame->fp != call->fp && hg_guard_entered_by(guard, frame) &&
		    is_left(call, frame))
			retire(call->context, frame);
}

/* --- inside a real free --- */

/* The frame of a real free of the guard's present life that runs further out on the call's stack; null: none does that
 * its own thread has begun. */
static struct hg_frame *own_free_around(struct hg_call *call, const struct hg_guard *guard)
{
	uint32_t generation = hg_guard_generation(guard);
	struct hg_frame at = here(call);
	for (struct hg_frame *frame = NULL; (frame = hg_frame_before(call->context, frame));) {
		if (hg_frame_guard(frame->guard) != guard || frame == call->free_frame ||
		    !hg_frame_is_running(call->context, frame, generation))
			continue;
		enum hg_standing standing =
		    is_replaced(call->context, frame) ? HG_STANDING_LEFT : hg_standing(call->context, &at, frame);
		if (standing == HG_STANDING_INSIDE)
			return frame;
		if (standing == HG_STANDING_LEFT)
			retire(call->context, frame);
	}
	return NULL;
}

struct search {
	struct hg_call *call;
	const struct hg_guard *guard;
	bool found;
};

static bool look(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct search *search = argument;
	uint32_t generation = hg_guard_generation(search->guard);
	struct hg_frame copy = hg_frame_load(frame), at = here(search->call);
	search->found = owner != search->call->context && hg_frame_guard(copy.guard) == search->guard &&
	                hg_frame_is_running(owner, frame, generation) &&
	                hg_stands_inside(search->call->context, &at, &copy);
	return !search->found;
}

/* A coroutine may have gone on, inside the free that it began, on another thread. */
static bool is_inside_free_of(struct hg_call *call, const struct hg_guard *guard)
{
	struct search search = {.call = call, .guard = guard, .found = own_free_around(call, guard) != NULL};
	if (!search.found)
		hg_frames_each(look, &search);
	return search.found;
}

bool hg_claim_inside(struct hg_call *call, const struct hg_guard *guard, int step)
{
	struct hg_frame *frame = own_free_around(call, guard);
	return frame && hg_frame_claims(call->context, frame, step);
}

/* Whether the life has ended with that of the other one. */
static bool ended_with(const struct hg_guard *guard, const struct hg_guard *freed)
{
	struct hg_event end = hg_end_now(guard), free = hg_end_now(freed);
	return guard != freed && end.ticks == free.ticks && end.tid == free.tid;
}

/* Whether the life was alive when that free began, and has not been ended by the program since. */
static bool ends_with(const struct hg_guard *guard, const struct hg_guard *freed)
{
	struct hg_event end = hg_end_now(guard), free = hg_end_now(freed);
	return guard == freed || hg_guard_lives(guard) || ended_with(guard, freed) ||
	       (end.flags & HG_EVENT_INTERNAL && end.ticks > free.ticks);
}

typedef bool relation(const struct hg_guard *guard, const struct hg_guard *freed);

/* Whether the call is made inside the real free of the guard, of an ancestor or of all, to which it stands like this.
 */
static bool inside_free_of(struct hg_call *call, struct hg_guard *guard, relation *stands)
{
	for (struct hg_guard *at = guard; at; at = hg_family_parent(at)) {
		struct hg_guard *root = at->class->root;
		if ((stands(guard, at) && is_inside_free_of(call, at)) ||
		    (root && root != at && stands(guard, root) && is_inside_free_of(call, root)))
			return true;
	}
	return false;
}

bool hg_inside_free(struct hg_call *call, struct hg_guard *guard)
{
	return inside_free_of(call, guard, ends_with);
}

bool hg_ending_around(struct hg_call *call, struct hg_guard *guard)
{
	return inside_free_of(call, guard, ended_with);
}
