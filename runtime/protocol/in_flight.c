#include "protocol/in_flight.h"

#include "base/counters.h"
#include "base/sys.h"
#include "format/image.h"
#include "format/record.h"
#include "process/fence.h"
#include "protocol/family.h"
#include "protocol/guard_word.h"
#include "stack/standing.h"
#include "thread/frames.h"
#include "thread/thread.h"

/* The guard on which an op with this frame is; null if there is no op. */
static struct hg_guard *guard_in(const struct hg_frame *frame)
{
	uint64_t held = __atomic_load_n(&frame->guard, __ATOMIC_ACQUIRE);
	return held & HG_FRAME_FREE ? NULL : hg_frame_guard(held);
}

static bool entered_by(const struct hg_guard *guard, const struct hg_frame *frame, enum hg_children children)
{
	uint64_t held = __atomic_load_n(&frame->guard, __ATOMIC_ACQUIRE);
	const struct hg_guard *holder = hg_frame_guard(held);
	if (!holder || holder == guard)
		return holder && !(held & HG_FRAME_FREE);
	if (held & HG_FRAME_OWN || children == HG_CHILDREN_KEPT)
		return false;
	for (int i = 0; holder && i <= HG_ANCESTORS; i++) {
		if (holder == guard || holder->class->root == guard)
			return true;
		holder = i == 0 && held & HG_FRAME_FREE ? hg_frame_parent(frame) : hg_family_parent(holder);
	}
	return false;
}

bool hg_guard_entered_by(const struct hg_guard *guard, const struct hg_frame *frame)
{
	return entered_by(guard, frame, hg_family_policy(guard));
}

enum { TELLING_ROUNDS = 8 }; /* limit: ROUNDS_CUT */

struct search {
	const struct hg_guard *guard;
	const struct hg_context *self;
	struct hg_holders *found; /* null: the first one will do */
	bool any;
	bool told; /* a descendant's guard, so that ops on it may not have seen it when they left */
};

static void tell(struct search *search, struct hg_guard *holder)
{
	if (holder && holder != search->guard && !(atomic_load(&holder->word) & HG_WORD_WATCHED))
		search->told |= !(atomic_fetch_or(&holder->word, HG_WORD_WATCHED) & HG_WORD_WATCHED);
}

/* Whether a frame of the same call is listed: one that has several handles. */
static bool is_listed(const struct hg_holders *found, const struct hg_context *owner, const struct hg_frame *frame)
{
	for (unsigned i = 0; i < found->listed; i++) {
		const struct hg_frame *other = &found->list[i].frame;
		if (found->list[i].owner == owner && other->fp == frame->fp && other->slot == frame->slot &&
		    other->caller == frame->caller)
			return true;
	}
	return false;
}

static bool note_holder(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct search *search = argument;
	struct hg_holders *found = search->found;
	/* A copy: the op may clear its frame before its stack is walked, though it cannot return before. */
	struct hg_frame copy = hg_frame_load(frame);
	if (!hg_guard_entered_by(search->guard, &copy))
		return true;
	search->any = true;
	tell(search, guard_in(&copy));
	if (!found)
		return false;
	*(owner == search->self ? &found->own : &found->others) += 1;
	if (is_listed(found, owner, &copy))
		return true;
	if (found->listed < HG_HOLDERS_LISTED)
		found->list[found->listed++] = (struct hg_holder){owner, copy};
	else
		found->unlisted++;
	return true;
}

/* Scans until whoever it met will notice, when leaving, that a free waits. After so many rounds a waiter's regular look
 * has to do. */
static bool scan(struct search *search)
{
	for (int round = 0; round < TELLING_ROUNDS; round++) {
		search->any = search->told = false;
		if (search->found)
			hg_holders_reset(search->found);
		hg_frames_each(note_holder, search);
		if (!search->told)
			return search->any;
		hg_fence_heavy();
	}
	hg_count(HG_COUNTER_ROUNDS_CUT);
	return search->any;
}

void hg_in_flight_find(const struct hg_guard *guard, const struct hg_context *self, struct hg_holders *found)
{
	bool held = hg_family_counted(guard);
	scan(&(struct search){.guard = guard, .self = self, .found = found});
	found->others += hg_word_frameless(atomic_load(&guard->word)) + hg_family_counted(guard);
	if (held && !found->others)
		found->others = 1;
}

/* A free that is left to the last op goes from its call's frame to a count, and from that to the frame of who runs it:
 * between two looks at the count it is in one of the three. */
bool hg_in_flight(const struct hg_guard *guard)
{
	return hg_family_counted(guard) || scan(&(struct search){.guard = guard}) ||
	       hg_word_frameless(atomic_load(&guard->word)) || hg_family_counted(guard);
}

bool hg_guard_entered_by_self(const struct hg_guard *guard, const struct hg_context *self, enum hg_children children)
{
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(self, frame));)
		if (entered_by(guard, frame, children))
			return true;
	return false;
}

/* Who waits does not look at more at a time, for those who leave wait meanwhile. */
enum { LOOKS = 64 }; /* no limit: the next look goes on there */

struct reaping {
	const struct hg_guard *guard;
	unsigned skip, looks;
	bool any;
};

/* Only where nobody enters any more: a frame that still holds what it held is the same call's. */
static bool reap_overwritten(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct reaping *reaping = argument;
	struct hg_frame copy = hg_frame_load(frame);
	uint64_t held = copy.guard;
	(void)owner;
	if (guard_in(&copy) != reaping->guard)
		return true;
	if (reaping->skip) {
		reaping->skip--;
		return true;
	}
	if (reaping->looks == LOOKS)
		return false;
	reaping->looks++;
	if (!hg_is_overwritten(&copy) || !__atomic_compare_exchange_n(&frame->guard, &held, HG_FRAME_HOLE, false,
	                                                              __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return true;
	hg_count(HG_COUNTER_CALLS_LEFT);
	reaping->any = true;
	return true;
}

bool hg_reap_overwritten(struct hg_guard *guard, unsigned *looked_at)
{
	struct reaping reaping = {.guard = guard, .skip = *looked_at};
	atomic_fetch_add(&guard->inspecting, 1);
	hg_frames_each(reap_overwritten, &reaping);
	if (atomic_fetch_sub(&guard->inspecting, 1) == 1)
		hg_futex_wake(&guard->inspecting);
	*looked_at = reaping.looks == LOOKS ? *looked_at + LOOKS : 0;
	return reaping.any;
}

enum { CIRCLE_MOST = 64 }; /* limit: CIRCLES_CUT */

struct circle {
	const struct hg_context *self;
	const struct hg_guard *guard;                /* whose holders are looked at */
	const struct hg_guard *awaited[CIRCLE_MOST]; /* by holders so far, in the order in which they were met */
	unsigned count;
	bool closed, cut;
};

static bool is_met(const struct circle *circle, const struct hg_guard *awaited)
{
	for (unsigned i = 0; i < circle->count; i++)
		if (circle->awaited[i] == awaited)
			return true;
	return false;
}

/* Of one that holds the guard: whether it waits for an op of this thread, or else for whom. */
static bool note_awaited(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct circle *circle = argument;
	struct hg_frame copy = hg_frame_load(frame);
	const struct hg_guard *awaited = atomic_load(&owner->draining);
	if (!awaited || owner == circle->self || is_met(circle, awaited) || !hg_guard_entered_by(circle->guard, &copy))
		return true;
	circle->closed = hg_guard_entered_by_self(awaited, circle->self, hg_family_policy(awaited));
	circle->cut = circle->count == CIRCLE_MOST;
	if (circle->closed || circle->cut)
		return false;
	circle->awaited[circle->count++] = awaited;
	return true;
}

/* Ops on two handles or more, whose callbacks each free the next one's handle, would wait for each other. Each thread
 * says what it waits for before it looks, so the last one to say so sees all the others. */
bool hg_waits_in_circle(const struct hg_guard *guard, const struct hg_context *self)
{
	struct circle circle; /* not zeroed as a whole: see exclusive.c */
	circle.self = self;
	circle.guard = guard;
	circle.count = 0;
	circle.closed = circle.cut = false;
	for (unsigned next = 0; hg_frame_before(self, NULL); circle.guard = circle.awaited[next++]) {
		hg_frames_each(note_awaited, &circle);
		if (circle.closed || circle.cut || next == circle.count)
			break;
	}
	if (circle.cut && !circle.closed)
		hg_count(HG_COUNTER_CIRCLES_CUT);
	return circle.closed;
}
