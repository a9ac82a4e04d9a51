#include "protocol/in_flight.h"

#include "base/counters.h"
#include "base/sys.h"
#include "format/image.h"
#include "format/record.h"
#include "process/fence.h"
#include "protocol/family.h"
#include "protocol/guard_word.h"
#include "protocol/inspection.h"
#include "protocol/ties.h"
#include "stack/standing.h"
#include "thread/frames.h"
#include "thread/thread.h"

/* The guard on which an op with this frame is; null if there is no op. */
static struct hg_guard *guard_in(const struct hg_frame *frame)
{
	uint64_t held = __atomic_load_n(&frame->guard, __ATOMIC_ACQUIRE);
	return held & HG_FRAME_FREE ? NULL : hg_frame_guard(held);
}

static struct hg_guard *parent_of(const struct hg_guard *holder, const struct hg_frame *frame, bool first)
{
	return first && frame->guard & HG_FRAME_FREE ? hg_frame_parent(frame) : hg_family_parent(holder);
}

/* Whether the call, or the free, uses what is attached to its handle. */
static bool uses_attached(const struct hg_frame *frame)
{
	return frame->fp & 1 || !frame->slot || !hg_slot_has_way((const struct hg_slot *)frame->slot, HG_USE_SPARES);
}

/* Whether the guard is attached to what this frame's call uses, or to what that was made from. */
static bool entered_by_tie(const struct hg_guard *guard, const struct hg_frame *frame, const struct hg_guard *holder)
{
	if (!hg_is_tied(guard) || !uses_attached(frame))
		return false;
	for (int i = 0; holder && i <= HG_ANCESTORS; i++) {
		if (hg_tie_leads(holder, guard))
			return true;
		holder = parent_of(holder, frame, i == 0);
	}
	return false;
}

static bool entered_by(const struct hg_guard *guard, const struct hg_frame *frame, enum hg_children children)
{
	uint64_t held = __atomic_load_n(&frame->guard, __ATOMIC_ACQUIRE);
	const struct hg_guard *holder = hg_frame_guard(held);
	if (!holder || holder == guard)
		return holder && !(held & HG_FRAME_FREE);
	if (held & HG_FRAME_OWN)
		return false;
	if (entered_by_tie(guard, frame, holder))
		return true;
	if (children == HG_CHILDREN_KEPT)
		return false;
	const struct hg_guard *child = holder;
	for (int i = 0; holder && i <= HG_ANCESTORS; i++) {
		if (holder->class->root == guard)
			return true;
		if (holder == guard)
			return hg_children_of(guard->class, children, child->class) != HG_CHILDREN_KEPT;
		child = holder;
		holder = parent_of(holder, frame, i == 0);
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
	const struct hg_context *self, *but; /* but: whose ops are passed over; null: nobody's */
	struct hg_holders *found;            /* null: the first one will do */
	bool any;
	bool told; /* a descendant's guard, so that ops on it may not have seen it when they left */
};

static bool is_newly_watched(struct hg_guard *guard)
{
	return !(atomic_load(&guard->word) & HG_WORD_WATCHED) &&
	       !(atomic_fetch_or(&guard->word, HG_WORD_WATCHED) & HG_WORD_WATCHED);
}

/* All on the way from what the call is on to what the search is for: the op sees it when it leaves, and whoever changes
 * the way tells in its place. What a free is on is named by its frame, and so is the next one. */
static void tell(struct search *search, const struct hg_frame *frame)
{
	struct hg_guard *holder = hg_frame_guard(frame->guard);
	bool first = true;
	for (int i = 0; holder && holder != search->guard && i <= HG_ANCESTORS; i++) {
		if (!(first && frame->guard & HG_FRAME_FREE))
			search->told |= is_newly_watched(holder);
		holder = parent_of(holder, frame, first);
		first = false;
	}
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
	if (owner == search->but || !hg_guard_entered_by(search->guard, &copy))
		return true;
	tell(search, &copy);
	/* Another life may have begun on the way before it was told: then nobody tells this free of the last one. */
	if (!hg_guard_entered_by(search->guard, &copy))
		return true;
	search->any = true;
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

/* Scans until no tie is made meanwhile (ties.c), and whoever it met will notice, when leaving, that a free waits. After
 * so many rounds a waiter's regular look has to do. */
static bool scan(struct search *search)
{
	bool tied = false;
	for (int round = 0; round < TELLING_ROUNDS; round++) {
		uint64_t ties = hg_ties_made(search->guard);
		search->any = search->told = false;
		if (search->found)
			hg_holders_reset(search->found);
		hg_frames_each(note_holder, search);
		tied = hg_ties_made(search->guard) != ties;
		if (!search->told && !tied)
			return search->any;
		hg_fence_heavy();
	}
	hg_count(HG_COUNTER_ROUNDS_CUT);
	return search->any || tied;
}

void hg_in_flight_find(const struct hg_guard *guard, const struct hg_context *self, struct hg_holders *found)
{
	bool held = hg_family_counted(guard);
	scan(&(struct search){.guard = guard, .self = self, .found = found});
	found->others +=
	    hg_word_frameless(atomic_load(&guard->word)) + hg_family_counted(guard) + hg_ties_counted(guard);
	if (held && !found->others)
		found->others = 1;
}

/* A free that is left to the last op goes from its call's frame to a count, and from that to the frame of who runs it:
 * between two looks at the count it is in one of the three. */
bool hg_in_flight_elsewhere(const struct hg_guard *guard, const struct hg_context *but)
{
	return hg_family_counted(guard) || scan(&(struct search){.guard = guard, .but = but}) ||
	       hg_word_frameless(atomic_load(&guard->word)) || hg_family_counted(guard) || hg_ties_counted(guard);
}

bool hg_in_flight(const struct hg_guard *guard)
{
	return hg_in_flight_elsewhere(guard, NULL);
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
	hg_inspection_begin(guard);
	hg_frames_each(reap_overwritten, &reaping);
	hg_inspection_end(guard);
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
