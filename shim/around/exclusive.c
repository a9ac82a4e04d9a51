/* Whose turn it is. A guard's `user` is the serial of the thread that entered last, shifted by one.
 *
 * Where overlaps are only told: an op stores its frame and then exchanges `user`. Of two that overlap, the later to
 * exchange finds another thread's serial there, looks at all frames, and meets the other's: it was stored before. A
 * thread that finds its own serial has already looked since another one was in. Nothing is undone on leaving, so that
 * leaving by force needs no repair. The fast trampolines only load `user`, behind a full fence: if it is this thread's,
 * another one's exchange comes later, and its look meets the frame.
 *
 * Where ops run one after the other: `user` says whose the handle is. The outermost op to leave marks it IDLE, and who
 * finds it so takes it. A thread that has taken it often in a row keeps it, and the fast trampolines go by that. Who
 * wants it from another thread marks it AWAITED, looks whether that one is in, and if not takes it away:
 *
 *   an op of the owner                     who wants the handle
 *   stores its frame                       swaps AWAITED in
 *   (a full fence)                         looks at the frames: no op of the owner
 *   loads `user`: mine, not AWAITED        swaps `user` as it was at the look for IDLE
 *   or AWAITED: swaps a new version in
 *
 * Only one of the two goes on: either the look meets the frame, or the op sees AWAITED, and its version has the last
 * swap fail. A version is also counted up when AWAITED goes. Taking away is what repairs leaving by force, too.
 *
 * Who has met an op sleeps until the owner wakes it, which looks for AWAITED when it leaves. Nothing orders that look
 * of the fast trampolines behind their taking back the frame: so before it sleeps it has all threads run a fence, and
 * looks again. */
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
#include "protocol/inspection.h"
#include "protocol/life.h"
#include "thread/event.h"
#include "thread/frames.h"
#include "thread/thread.h"

enum { LOOK_INTERVAL_MS = 50 }; /* no limit: who waits looks again */
static const uint64_t MS = UINT64_C(1000000);

/* `user` where ops run one after the other; its lower half is what the fast trampolines compare. Of serials 30 bits
 * count, and 28 of versions: nobody lives, or looks, while so many others come. */
enum { ROW_AT = 32, IDLE_AT = 35, VERSION_AT = 36 };                                /* no limit: places in it */
static const uint64_t AWAITED = 1;                                                  /* the trampolines know it */
static const uint64_t OWNER = 0x7ffffffe;                                           /* no limit: said above */
static const uint64_t NOT_KEPT = 0x80000000;                                        /* no limit: a bit */
static const uint64_t ROW_ONE = UINT64_C(1) << ROW_AT, ROW = UINT64_C(7) << ROW_AT; /* no limit: it is kept then */
static const uint64_t IDLE = UINT64_C(1) << IDLE_AT;                                /* no limit: a bit */
static const uint64_t VERSION_ONE = UINT64_C(1) << VERSION_AT;                      /* no limit: said above */

static uint64_t version_of(uint64_t user)
{
	return user & -VERSION_ONE;
}

static bool is_idle(uint64_t user)
{
	return !user || user & IDLE;
}

/* The eighth time in a row it is kept. */
static uint64_t taken_by(uint64_t user, uint64_t mine)
{
	uint64_t row = (user & OWNER) == mine ? (user + ROW_ONE) & ROW : ROW_ONE;
	return version_of(user) | mine | (row ? row | NOT_KEPT : 0);
}

/* Of who is in the way of others the row begins anew. */
static uint64_t idle_after(uint64_t user)
{
	uint64_t idle = IDLE | NOT_KEPT | (user & OWNER);
	return user & AWAITED ? idle | (version_of(user) + VERSION_ONE) | ROW_ONE
	                      : idle | version_of(user) | (user & ROW);
}

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
	uint64_t owner;           /* the only thread that counts, as `user` has it; 0: all but `self` */
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
	if (look->owner ? (owner->user & OWNER) != look->owner : owner == look->self)
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
	hg_inspection_begin(guard);
	hg_fence_heavy();
	if (others_in(&look))
		hg_inspect_race(guard, &found, race);
	else
		hg_note_gone(guard, &first, race);
	hg_inspection_end(guard);
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

static bool is_in(const struct hg_context *context, const struct hg_guard *guard)
{
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(context, frame));)
		if (is_op_on(frame, guard) && op_counts(frame, guard))
			return true;
	return false;
}

/* Whether the thread that the handle belongs to is in an op of it. */
static bool owner_in(const struct hg_context *context, const struct hg_guard *guard, uint64_t user)
{
	return (context->user & OWNER) == (user & OWNER)
	           ? is_in(context, guard)
	           : others_in(&(struct look){.guard = guard, .owner = user & OWNER});
}

static void wake(struct hg_guard *guard)
{
	atomic_fetch_add(&hg_guard_more(guard)->turn, 1);
	hg_futex_wake(&hg_guard_more(guard)->turn);
}

/* Its owner lets go of the handle if it does not keep it, and others let go for an owner that is waited for. */
static bool may_let_go(const struct hg_context *context, struct hg_guard *guard, uint64_t user)
{
	bool own = (user & OWNER) == (context->user & OWNER);
	return !is_idle(user) && user & (own ? AWAITED | NOT_KEPT : AWAITED) && !owner_in(context, guard, user);
}

static void release(const struct hg_context *context, struct hg_guard *guard)
{
	_Atomic uint64_t *whose = &hg_guard_more(guard)->user;
	uint64_t user = atomic_load(whose);
	while (may_let_go(context, guard, user))
		if (atomic_compare_exchange_weak(whose, &user, idle_after(user))) {
			if (user & AWAITED)
				wake(guard);
			return;
		}
}

/* Whether the handle is this thread's now. */
static bool take(const struct hg_context *context, struct hg_guard *guard)
{
	_Atomic uint64_t *whose = &hg_guard_more(guard)->user;
	uint64_t mine = context->user & OWNER, user = atomic_load(whose);
	while (is_idle(user))
		if (atomic_compare_exchange_weak(whose, &user, taken_by(user, mine)))
			return true;
	return (user & OWNER) == mine;
}

/* Whether it is so still, now that the op has a frame. Who has looked before must look again. */
static bool is_mine_still(const struct hg_context *context, struct hg_guard *guard)
{
	_Atomic uint64_t *whose = &hg_guard_more(guard)->user;
	uint64_t user = atomic_load(whose);
	while (!is_idle(user) && (user & OWNER) == (context->user & OWNER))
		if (!(user & AWAITED) || atomic_compare_exchange_weak(whose, &user, user + VERSION_ONE))
			return true;
	return false;
}

/* From a thread that is in no op of it. */
static void take_over(struct hg_guard *guard, uint64_t user, bool was_awaited)
{
	if (atomic_compare_exchange_strong(&hg_guard_more(guard)->user, &user, idle_after(user)) && was_awaited)
		wake(guard);
}

static void begin_to_wait(const struct hg_guard *guard, struct hg_overlap *overlap, uint64_t *deadline)
{
	*deadline = hg_monotonic_ns() + guard->class->deadline_ns;
	overlap->begun = hg_ticks();
	overlap->race.flags |= HG_RACE_WAITS;
}

static bool await_turn(struct hg_call *call, struct hg_guard *guard, struct hg_overlap *overlap)
{
	_Atomic uint64_t *whose = &hg_guard_more(guard)->user;
	uint64_t deadline = 0;
	while (!take(call->context, guard)) {
		uint32_t turn = atomic_load(&hg_guard_more(guard)->turn);
		uint64_t user = atomic_load(whose), awaited = user | AWAITED;
		if (is_idle(user) || !atomic_compare_exchange_strong(whose, &user, awaited))
			continue;
		if (!owner_in(call->context, guard, awaited)) {
			take_over(guard, awaited, user & AWAITED);
			continue;
		}
		if (!deadline)
			begin_to_wait(guard, overlap, &deadline);
		inspect(call, guard, &overlap->race);
		uint64_t now = hg_monotonic_ns(), pause = now + LOOK_INTERVAL_MS * MS;
		if (now >= deadline || !hg_guard_lives(guard))
			return false;
		hg_fence_heavy();
		if (owner_in(call->context, guard, awaited))
			hg_futex_wait(&hg_guard_more(guard)->turn, turn, pause < deadline ? pause : deadline);
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
	if (overlap->owns && !is_mine_still(call->context, guard)) {
		hg_race_drop(&overlap->race);
		return false;
	}
	if (tells(guard) && atomic_exchange(&hg_guard_more(guard)->user, mine) != mine)
		inspect(call, guard, &overlap->race);
	report(guard, overlap, overlap->owns ? HG_FINDING_SERIALISED : 0);
	return true;
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
	hg_inspection_await(guard);
	if (serialises(guard))
		release(context, guard);
}
