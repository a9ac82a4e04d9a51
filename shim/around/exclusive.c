/* Whose turn it is. A guard's `user` is the serial of the thread that entered last, shifted by one.
 *
 * Where overlaps are only told: an op stores its frame and then exchanges `user`. Of two that overlap, the later to
 * exchange finds another thread's serial there, looks at all frames, and meets the other's: it was stored before. A
 * thread that finds its own serial has already looked since another one was in. Nothing is undone on leaving, so that
 * leaving by force needs no repair. The fast trampolines only load `user`, behind a full fence: if it is this thread's,
 * another one's exchange comes later, and its look meets the frame.
 *
 * Where ops run one after the other: `user` is 0 while nobody is in, and bit 0 says that somebody waits. The outermost
 * op to leave sets it to 0. An owner that left by force is noticed by whoever waits, every 50 ms: it has no frame on
 * the guard. Since it may only not have stored its frame yet, it looks again at `user` when it has. */
#include "around/exclusive.h"

#include "base/options.h"
#include "base/sys.h"
#include "bind/slots.h"
#include "entry/arguments.h"
#include "entry/event_here.h"
#include "finding/finding.h"
#include "format/image.h"
#include "format/record.h"
#include "process/fence.h"
#include "protocol/life.h"
#include "thread/event.h"
#include "thread/frames.h"
#include "thread/thread.h"

enum { LOOK_INTERVAL_MS = 50 }; /* no limit: who waits looks again */
static const uint64_t MS = UINT64_C(1000000);
static const uint64_t WAITED_FOR = 1;

static bool serialises(const struct hg_guard *guard)
{
	return guard->class->flags & HG_CLASS_SERIALISED && hg_options.mode == HG_MODE_GUARD;
}

static bool tells(const struct hg_guard *guard)
{
	return guard->class->flags & (HG_CLASS_EXCLUSIVE | HG_CLASS_SERIALISED) && !serialises(guard);
}

/* --- who else is in --- */

struct look {
	const struct hg_guard *guard;
	const struct hg_context *self;
	uint64_t serial;          /* of the only thread that counts; 0: all but `self` */
	struct hg_holders *found; /* null: it only matters whether there is anybody. Not part of it: too large to be
	                           * zeroed without libc's memset */
	bool any;
};

static bool is_op_on(const struct hg_frame *frame, const struct hg_guard *guard)
{
	return __atomic_load_n(&frame->guard, __ATOMIC_ACQUIRE) == (uint64_t)guard;
}

/* Whether the op is one that must be alone: not one that may run beside others. */
static bool op_counts(const struct hg_frame *frame, const struct hg_guard *guard)
{
	const struct hg_slot *slot = (const struct hg_slot *)frame->slot;
	const struct hg_image_use *use = hg_uses_of(slot);
	for (uint32_t i = 0; i < slot->use_count; i++)
		if (hg_class_at(slot, use[i].class_index) == guard->class && hg_must_be_alone(&use[i]))
			return true;
	return false;
}

static bool note(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct look *look = argument;
	struct hg_frame copy = hg_frame_load(frame);
	if (look->serial ? owner->serial != look->serial : owner == look->self)
		return true;
	if (!is_op_on(&copy, look->guard) || !op_counts(&copy, look->guard))
		return true;
	look->any = true;
	if (!look->found)
		return false;
	look->found->others++;
	if (look->found->listed < HG_HOLDERS_LISTED)
		look->found->list[look->found->listed++] = (struct hg_holder){owner, copy};
	else
		look->found->unlisted++;
	return true;
}

static bool others_in(struct look *look)
{
	look->any = false;
	if (look->found)
		hg_holders_reset(look->found);
	hg_frames_each(note, look);
	return look->any;
}

/* Looks at the ops in flight while they cannot return. What has left in between is told without its stack. */
static bool inspect(struct hg_call *call, struct hg_guard *guard, struct hg_race *race)
{
	struct hg_holders found;
	struct look look = {.guard = guard, .self = call->context, .found = &found};
	if (race->builder || !others_in(&look))
		return race->builder;
	struct hg_holder first = found.list[0];
	race->event = hg_event_here(call, guard->value);
	atomic_fetch_add(&guard->inspecting, 1);
	hg_fence_heavy();
	if (others_in(&look))
		hg_inspect_race(guard, &found, race);
	else
		hg_note_gone(guard, &first, race);
	if (atomic_fetch_sub(&guard->inspecting, 1) == 1)
		hg_futex_wake(&guard->inspecting);
	return true;
}

static void report(struct hg_guard *guard, struct hg_overlap *overlap, uint32_t flags)
{
	if (!overlap->race.builder)
		return;
	struct hg_verdict verdict = {.kind = HG_KIND_OVERLAP, .flags = flags};
	if (overlap->begun) {
		verdict.drain_ticks = hg_ticks() - overlap->begun;
		verdict.deadline_ns = guard->class->deadline_ns;
	}
	hg_close_race(&overlap->race, guard, &verdict);
}

/* --- one after the other --- */

/* Whether `user` is this thread's now. */
static bool take(struct hg_guard *guard, uint64_t mine)
{
	uint64_t user = 0;
	return atomic_compare_exchange_strong(&hg_guard_more(guard)->user, &user, mine) || (user & ~WAITED_FOR) == mine;
}

static bool announce_waiting(struct hg_guard *guard, uint64_t user)
{
	return atomic_compare_exchange_strong(&hg_guard_more(guard)->user, &user, user | WAITED_FOR);
}

/* Takes the handle from a thread that is in no op of it. */
static void take_over(struct hg_guard *guard, uint64_t user)
{
	struct look look = {.guard = guard, .serial = user >> 1};
	if (!others_in(&look))
		atomic_compare_exchange_strong(&hg_guard_more(guard)->user, &user, 0);
}

static bool await_turn(struct hg_call *call, struct hg_guard *guard, struct hg_overlap *overlap)
{
	uint64_t mine = call->context->user, deadline = 0;
	while (!take(guard, mine)) {
		uint32_t turn = atomic_load(&hg_guard_more(guard)->turn);
		uint64_t user = atomic_load(&hg_guard_more(guard)->user), now = hg_monotonic_ns();
		if (!user)
			continue;
		if (!deadline) {
			deadline = now + guard->class->deadline_ns;
			overlap->begun = hg_ticks();
			overlap->race.flags |= HG_RACE_WAITS;
		}
		inspect(call, guard, &overlap->race);
		if (now >= deadline || !hg_guard_lives(guard))
			return false;
		if (!announce_waiting(guard, user))
			continue;
		uint64_t pause = now + LOOK_INTERVAL_MS * MS;
		bool woken = hg_futex_wait(&hg_guard_more(guard)->turn, turn, pause < deadline ? pause : deadline);
		if (!woken && (atomic_load(&hg_guard_more(guard)->user) & ~WAITED_FOR) == (user & ~WAITED_FOR))
			take_over(guard, atomic_load(&hg_guard_more(guard)->user));
	}
	return true;
}

/* --- the thread --- */

static void check_thread(struct hg_call *call, struct hg_guard *guard)
{
	struct hg_event create = hg_event_load(&guard->create);
	/* What a forked child has inherited was created by a thread of the same right. */
	bool known = create.ticks && !(create.flags & ~HG_EVENT_MARKS) && !hg_event_inherited(&create);
	if (!known || create.tid == call->context->tid)
		return;
	struct hg_event event = hg_event_here(call, guard->value);
	hg_report_call(HG_KIND_WRONG_THREAD, guard, &event);
}

/* Of a handle that has ended already it does not matter whose it was; and the library knows its own threads. */
void hg_exclusive_before_free(struct hg_call *call, const struct hg_image_use *use, struct hg_guard *guard)
{
	if (guard->class->flags & HG_CLASS_OWN_THREAD && !use->concurrent && !call->internal && hg_guard_lives(guard))
		check_thread(call, guard);
}

/* --- an op's way --- */

void hg_exclusive_before(struct hg_call *call, struct hg_guard *guard, struct hg_overlap *overlap)
{
	hg_race_begin(&overlap->race, HG_RACE_OVERLAP);
	overlap->begun = 0;
	overlap->owns = false;
	if (guard->class->flags & HG_CLASS_OWN_THREAD)
		check_thread(call, guard);
	if (serialises(guard))
		overlap->owns = await_turn(call, guard, overlap);
}

bool hg_exclusive_entered(struct hg_call *call, struct hg_guard *guard, struct hg_overlap *overlap)
{
	uint64_t mine = call->context->user;
	atomic_thread_fence(memory_order_seq_cst);
	if (overlap->owns && (atomic_load(&hg_guard_more(guard)->user) & ~WAITED_FOR) != mine) {
		hg_race_drop(&overlap->race);
		return false;
	}
	if (tells(guard) && atomic_exchange(&hg_guard_more(guard)->user, mine) != mine)
		inspect(call, guard, &overlap->race);
	report(guard, overlap, overlap->owns ? HG_FINDING_SERIALISED : 0);
	return true;
}

/* Whether the thread that the handle belongs to is in another op of it. */
static bool owner_in(const struct hg_context *context, struct hg_guard *guard, uint64_t user)
{
	if (context->serial != user >> 1)
		return others_in(&(struct look){.guard = guard, .serial = user >> 1});
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(context, frame));)
		if (is_op_on(frame, guard))
			return true;
	return false;
}

static void release(const struct hg_context *context, struct hg_guard *guard)
{
	uint64_t user = atomic_load(&hg_guard_more(guard)->user);
	while (user && !owner_in(context, guard, user))
		if (atomic_compare_exchange_weak(&hg_guard_more(guard)->user, &user, 0)) {
			if (!(user & WAITED_FOR))
				return;
			atomic_fetch_add(&hg_guard_more(guard)->turn, 1);
			hg_futex_wake(&hg_guard_more(guard)->turn);
			return;
		}
}

void hg_exclusive_refused(struct hg_call *call, struct hg_guard *guard, struct hg_overlap *overlap)
{
	hg_race_drop(&overlap->race);
	if (overlap->owns)
		release(call->context, guard);
}

void hg_exclusive_left(struct hg_context *context, struct hg_guard *guard)
{
	hg_fence_light();
	hg_guard_await_inspection(guard);
	if (serialises(guard))
		release(context, guard);
}
