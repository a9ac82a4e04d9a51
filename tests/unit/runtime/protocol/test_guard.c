/* The protocol, step by step: at most one op in flight on another thread, in a known state each time. The names A1 to
 * A8 are those of the reference guard's facts. */
#include "api/start.h"
#include "base/counters.h"
#include "format/image.h"
#include "harness.h"
#include "protocol/ending.h"
#include "protocol/in_flight.h"
#include "protocol/life.h"
#include "protocol/signals.h"

struct op {
	struct hg_guard *guard;
	struct gate entered, may_leave;
	_Atomic bool left;
	enum hg_entry entry;
	bool as_visitor;
};

static void *op_body(void *argument)
{
	struct op *op = argument;
	struct hg_frame frame = frame_for(op->guard), *in = NULL;
	op->entry =
	    hg_guard_enter(op->guard, hg_context_here(), &frame, op->as_visitor ? HG_ENTER_WHILE_FREEING : 0, &in);
	gate_open(&op->entered);
	gate_wait(&op->may_leave);
	atomic_store(&op->left, true);
	if (op->entry == HG_ENTERED)
		hg_guard_leave(op->guard, in);
	else if (op->entry == HG_ENTERED_FRAMELESS)
		hg_guard_leave_frameless(op->guard);
	return NULL;
}

static pthread_t begin_op(struct op *op, struct hg_guard *guard)
{
	op->guard = guard;
	pthread_t thread = spawn(op_body, op);
	gate_wait(&op->entered);
	return thread;
}

static void end_op(struct op *op, pthread_t thread)
{
	gate_open(&op->may_leave);
	join(thread);
}

struct freer {
	struct hg_guard *guard;
	const struct op *op;
	struct gate seen; /* opens once the free has seen ops in flight */
	struct hg_free_result result;
	bool op_had_left;
};

static void open_gate(struct hg_guard *guard, const struct hg_holders *holders, void *gate)
{
	(void)guard;
	(void)holders;
	gate_open(gate);
}

static void *freer_body(void *argument)
{
	struct freer *freer = argument;
	freer->result = hg_guard_begin_free(freer->guard, hg_context_here(),
	                                    &(struct hg_free_request){.how = HG_FREE_WAIT,
	                                                              .deadline_ns = UINT64_C(100000000000),
	                                                              .event = (struct hg_event[]){event_now()},
	                                                              .inspect = open_gate,
	                                                              .argument = &freer->seen});
	freer->op_had_left = freer->op && atomic_load(&freer->op->left);
	return NULL;
}

static void await_freeing(struct hg_guard *guard)
{
	while (!(atomic_load(&guard->word) & HG_WORD_FREEING))
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

START_TEST(a1_enter_leave_free)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	struct hg_frame *in;
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED);
	ck_assert(hg_guard_entered_by(guard, in));
	hg_guard_leave(guard, in);
	ck_assert(!hg_guard_entered_by(guard, in));
	ck_assert_ptr_eq(hg_context->top, hg_context->base);
	struct hg_free_result result = begin_free(guard, HG_FREE_WAIT, 1000);
	ck_assert_int_eq(result.outcome, HG_DRAINED);
	ck_assert_uint_eq(result.waited_for, 0);
	ck_assert_uint_eq(result.generation, 1);
	ck_assert_uint_eq(phase(guard), HG_WORD_FREED);
}
END_TEST

START_TEST(a2_no_op_enters_after_a_free)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	struct hg_frame *in;
	begin_free(guard, HG_FREE_WAIT, 1000);
	ck_assert_int_eq(enter(guard, &in), HG_LATE);
	ck_assert_ptr_eq(hg_context->top, hg_context->base);
	ck_assert_uint_eq(hg_context->base->guard, 0);
	ck_assert_uint_eq(hg_word_frameless(atomic_load(&guard->word)), 0);
}
END_TEST

static void free_waits_for(bool as_visitor, enum hg_entry expected)
{
	struct hg_guard *guard = born(new_class(1000), 1);
	struct op op = {.as_visitor = as_visitor};
	pthread_t thread = begin_op(&op, guard);
	ck_assert_int_eq(op.entry, expected);
	struct freer freer = {.guard = guard, .op = &op};
	pthread_t freeing = spawn(freer_body, &freer);
	gate_wait(&freer.seen);
	struct hg_frame *in;
	ck_assert_int_eq(enter(guard, &in), HG_LATE);
	ck_assert_uint_eq(phase(guard), HG_WORD_FREEING);
	uint32_t wakes = atomic_load(&guard->signals);
	end_op(&op, thread);
	join(freeing);
	ck_assert(freer.op_had_left);
	ck_assert_int_eq(freer.result.outcome, HG_DRAINED);
	ck_assert_uint_eq(freer.result.waited_for, 1);
	ck_assert(!freer.result.reentrant);
	ck_assert_uint_gt(freer.result.drain_ticks, 0);
	ck_assert_uint_ne(atomic_load(&guard->signals), wakes);
	ck_assert_uint_eq(phase(guard), HG_WORD_FREED);
}

START_TEST(a3_a_free_waits_for_an_op)
{
	start_fenced(_i);
	free_waits_for(false, HG_ENTERED);
}
END_TEST

START_TEST(a4_to_a8_a_free_that_times_out)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1), 1);
	struct op op = {0};
	pthread_t thread = begin_op(&op, guard);
	struct hg_free_result result = begin_free(guard, HG_FREE_WAIT, 1);
	ck_assert_int_eq(result.outcome, HG_TIMED_OUT);
	ck_assert_uint_eq(result.waited_for, 1);
	ck_assert_uint_eq(phase(guard), HG_WORD_LEAKED);
	struct hg_frame *in;
	ck_assert_int_eq(enter(guard, &in), HG_LATE);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_ALREADY_FREEING);
	end_op(&op, thread);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_ALREADY_FREEING);
	ck_assert_int_eq(enter(guard, &in), HG_LATE);
	ck_assert_uint_eq(phase(guard), HG_WORD_LEAKED);
}
END_TEST

START_TEST(a6_a_later_free_loses)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1000).outcome, HG_DRAINED);
	struct hg_free_result second = begin_free(guard, HG_FREE_WAIT, 1000);
	ck_assert_int_eq(second.outcome, HG_ALREADY_FREEING);
	ck_assert_uint_eq(second.generation, 1);
}
END_TEST

START_TEST(a_guard_is_private_until_a_stranger_comes)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	struct hg_frame *in;
	enter(guard, &in);
	hg_guard_leave(guard, in);
	ck_assert(hg_word_private(atomic_load(&guard->word)));
	struct op op = {0};
	pthread_t thread = begin_op(&op, guard);
	ck_assert(!hg_word_private(atomic_load(&guard->word)));
	end_op(&op, thread);
	/* Its owner still may use it. */
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED);
	hg_guard_leave(guard, in);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1000).outcome, HG_DRAINED);
}
END_TEST

START_TEST(a_stranger_may_free_a_private_guard)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	struct freer freer = {.guard = guard};
	join(spawn(freer_body, &freer));
	ck_assert_int_eq(freer.result.outcome, HG_DRAINED);
	ck_assert_uint_eq(freer.result.waited_for, 0);
}
END_TEST

START_TEST(an_op_that_the_owner_is_in_is_seen_by_a_strangers_free)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	struct hg_frame *in;
	enter(guard, &in);
	struct freer freer = {.guard = guard};
	pthread_t freeing = spawn(freer_body, &freer);
	gate_wait(&freer.seen);
	hg_guard_leave(guard, in);
	join(freeing);
	ck_assert_int_eq(freer.result.outcome, HG_DRAINED);
	ck_assert_uint_eq(freer.result.waited_for, 1);
}
END_TEST

/* With calls on no handle. */
static void take_all_frames(void)
{
	struct hg_frame none = {.guard = HG_FRAME_FREE};
	while (hg_frame_push(hg_context_here(), &none))
		;
}

START_TEST(ops_beyond_the_recordings_frames_have_frames_too)
{
	start_fenced(_i);
	enum { OPS = 3 * HG_FRAMES };
	struct hg_guard *guard = born(new_class(1), 1);
	struct hg_frame *in[OPS];
	for (int i = 0; i < OPS; i++)
		ck_assert_int_eq(enter(guard, &in[i]), HG_ENTERED);
	ck_assert_uint_eq(counter(HG_COUNTER_FRAMES_FULL), OPS - HG_FRAMES);
	for (int i = OPS; i-- > 0;) {
		ck_assert(hg_frame_is_ours(in[i]));
		hg_guard_leave(guard, in[i]);
	}
	ck_assert_ptr_null(hg_frame_before(hg_context, NULL));
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_DRAINED);
}
END_TEST

START_TEST(ops_beyond_all_frames_are_visitors)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1), 1);
	struct hg_frame *in;
	take_all_frames();
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(enter(guard, &in), HG_ENTERED_FRAMELESS);
	ck_assert_uint_eq(hg_word_frameless(atomic_load(&guard->word)), 2);
	hg_guard_leave_frameless(guard);
	hg_guard_leave_frameless(guard);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_DRAINED);
}
END_TEST

static void *visitor_body(void *argument)
{
	struct op *op = argument;
	struct hg_frame frame = frame_for(op->guard), *in = NULL;
	await_freeing(op->guard);
	op->entry = hg_guard_enter(op->guard, hg_context_here(), &frame, HG_ENTER_WHILE_FREEING, &in);
	gate_open(&op->entered);
	gate_wait(&op->may_leave);
	atomic_store(&op->left, true);
	hg_guard_leave_frameless(op->guard);
	return NULL;
}

START_TEST(an_op_that_may_comes_in_while_a_free_drains)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	struct op parked = {0}, waker = {.guard = guard};
	pthread_t thread = begin_op(&parked, guard), waking = spawn(visitor_body, &waker);
	struct freer freer = {.guard = guard, .op = &waker};
	pthread_t freeing = spawn(freer_body, &freer);
	gate_wait(&waker.entered);
	ck_assert_int_eq(waker.entry, HG_ENTERED_FRAMELESS);
	end_op(&parked, thread);
	ck_assert_uint_eq(phase(guard), HG_WORD_FREEING);
	end_op(&waker, waking);
	join(freeing);
	ck_assert(freer.op_had_left);
	ck_assert_int_eq(freer.result.outcome, HG_DRAINED);
}
END_TEST

START_TEST(a_visitor_of_the_last_life_does_not_upset_the_next)
{
	start_fenced(_i);
	const struct hg_class *class = new_class(1);
	struct hg_guard *guard = born(class, 1);
	struct hg_frame *in;
	take_all_frames();
	enter(guard, &in);
	begin_free(guard, HG_FREE_OBSERVE, 1);
	born(class, 1);
	hg_guard_leave_frameless(guard);
	uint64_t word = atomic_load(&guard->word);
	ck_assert_uint_eq(hg_word_generation(word), 2);
	ck_assert_uint_eq(hg_word_frameless(word), 0);
	ck_assert_uint_eq(hg_word_phase(word), HG_WORD_LIVE);
}
END_TEST

START_TEST(a_drain_ends_when_the_next_life_has_begun)
{
	start_fenced(_i);
	const struct hg_class *class = new_class(1000);
	struct hg_guard *guard = born(class, 1);
	struct op op = {0};
	pthread_t thread = begin_op(&op, guard);
	struct freer freer = {.guard = guard};
	pthread_t freeing = spawn(freer_body, &freer); /* its deadline is beyond the test's */
	gate_wait(&freer.seen);
	born(class, 1);
	end_op(&op, thread);
	join(freeing);
	ck_assert_int_eq(freer.result.outcome, HG_TIMED_OUT);
	ck_assert_uint_eq(phase(guard), HG_WORD_LIVE);
}
END_TEST

/* --- looking at who is in flight --- */

struct sight {
	unsigned own, others, listed;
	uint64_t fp;
	int calls;
};

static void inspect(struct hg_guard *guard, const struct hg_holders *holders, void *argument)
{
	struct sight *sight = argument;
	(void)guard;
	sight->own = holders->own;
	sight->others = holders->others;
	sight->listed = holders->listed;
	sight->fp = holders->list[0].frame.fp;
	sight->calls++;
}

static struct hg_free_result free_looking(struct hg_guard *guard, enum hg_free_how how, struct sight *sight)
{
	return hg_guard_begin_free(guard, hg_context_here(),
	                           &(struct hg_free_request){.how = how,
	                                                     .deadline_ns = 1,
	                                                     .event = (struct hg_event[]){event_now()},
	                                                     .inspect = inspect,
	                                                     .argument = sight});
}

START_TEST(a_free_looks_at_the_ops_in_flight)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1), 1);
	struct op op = {0};
	struct sight sight = {0};
	pthread_t thread = begin_op(&op, guard);
	free_looking(guard, HG_FREE_WAIT, &sight);
	ck_assert_int_eq(sight.calls, 1);
	ck_assert_uint_eq(sight.own, 0);
	ck_assert_uint_eq(sight.others, 1);
	ck_assert_uint_eq(sight.listed, 1);
	ck_assert(sight.fp & 1);
	ck_assert_uint_eq(hg_inspectors(atomic_load(&guard->signals)), 0);
	end_op(&op, thread);
}
END_TEST

START_TEST(observing_looks_and_lets_everything_pass)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1), 1);
	struct op op = {0};
	struct sight sight = {0};
	pthread_t thread = begin_op(&op, guard);
	struct hg_free_result result = free_looking(guard, HG_FREE_OBSERVE, &sight);
	ck_assert_int_eq(result.outcome, HG_DRAINED);
	ck_assert_uint_eq(result.waited_for, 1);
	ck_assert_int_eq(sight.calls, 1);
	end_op(&op, thread);
}
END_TEST

START_TEST(a_silent_free_neither_looks_nor_waits)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1), 1);
	struct op op = {0};
	struct sight sight = {0};
	pthread_t thread = begin_op(&op, guard);
	struct hg_free_result result = free_looking(guard, HG_FREE_SILENT, &sight);
	ck_assert_int_eq(result.outcome, HG_DRAINED);
	ck_assert_int_eq(sight.calls, 0);
	ck_assert_uint_eq(phase(guard), HG_WORD_FREED);
	end_op(&op, thread);
}
END_TEST

START_TEST(a_free_from_inside_an_op_cannot_wait)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	struct hg_frame *in;
	struct sight sight = {0};
	enter(guard, &in);
	struct hg_free_result result = free_looking(guard, HG_FREE_WAIT, &sight);
	ck_assert_int_eq(result.outcome, HG_TIMED_OUT);
	ck_assert(result.reentrant);
	ck_assert_uint_eq(sight.own, 1);
	hg_guard_leave(guard, in);
	ck_assert_uint_eq(phase(guard), HG_WORD_LEAKED);
}
END_TEST

/* --- beside a call that ends the handle when it returns --- */

struct hurried {
	struct hg_guard *guard;
	uint64_t deadline_ms;
	struct hg_free_result result;
};

static void *hurried_body(void *argument)
{
	struct hurried *hurried = argument;
	hurried->result = begin_free(hurried->guard, HG_FREE_WAIT, hurried->deadline_ms);
	return NULL;
}

/* By another thread. */
static enum hg_outcome outcome_of_free(struct hg_guard *guard, uint64_t deadline_ms)
{
	struct hurried hurried = {.guard = guard, .deadline_ms = deadline_ms};
	join(spawn(hurried_body, &hurried));
	return hurried.result.outcome;
}

static struct hg_frame *begin_ending(struct hg_guard *guard, const struct hg_slot *slot)
{
	struct hg_frame frame = frame_for(guard);
	uint32_t generation;
	hg_frame_of_free(&frame, guard);
	frame.slot = (uint64_t)slot;
	frame.fp &= ~UINT64_C(1);
	struct hg_frame *in = hg_frame_push(hg_context_here(), &frame);
	ck_assert_int_eq(hg_guard_begin_ending(guard, hg_context_here(), in, 0, &generation), HG_ENDING_BEGUN);
	return in;
}

static void stop_ending(struct hg_guard *guard, struct hg_frame *in)
{
	hg_guard_stop_ending(guard, generation(guard));
	hg_guard_leave_free(guard, in);
}

static const struct hg_slot may_fail = {.freed = {.test = HG_TEST_EQ}}, ends = {.freed = {.test = HG_TEST_ALWAYS}};

START_TEST(a_free_waits_for_a_call_that_may_end_the_handle)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1), 1);
	struct hurried hurried = {.guard = guard, .deadline_ms = 100000};
	struct hg_frame *in = begin_ending(guard, &may_fail);
	ck_assert_int_eq(outcome_of_free(guard, 0), HG_ALREADY_FREEING);
	ck_assert_int_eq(outcome_of_free(guard, 1), HG_ALREADY_FREEING);
	ck_assert_uint_eq(phase(guard), HG_WORD_LIVE);
	pthread_t freeing = spawn(hurried_body, &hurried);
	stop_ending(guard, in);
	join(freeing);
	ck_assert_int_eq(hurried.result.outcome, HG_DRAINED);
}
END_TEST

START_TEST(a_free_does_not_wait_for_a_call_that_ends_the_handle_in_any_case)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1), 1);
	struct hg_frame *in = begin_ending(guard, &ends);
	ck_assert_int_eq(outcome_of_free(guard, 100000), HG_ALREADY_FREEING);
	ck_assert_uint_eq(phase(guard), HG_WORD_LIVE);
	stop_ending(guard, in);
}
END_TEST

START_TEST(a_free_inside_a_call_that_ends_the_handle_is_that_calls_own_affair)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1), 1);
	struct hg_frame *in = begin_ending(guard, &may_fail);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 0).outcome, HG_DRAINED);
	stop_ending(guard, in);
	ck_assert_uint_eq(phase(guard), HG_WORD_FREED);
}
END_TEST

START_TEST(a_call_that_was_to_end_the_handle_and_is_no_more_is_in_nobodys_way)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1), 1);
	hg_frame_clear(begin_ending(guard, &may_fail));
	ck_assert_int_eq(outcome_of_free(guard, 0), HG_DRAINED);
}
END_TEST

/* --- parents --- */

START_TEST(an_op_on_a_grandchild_holds_the_parent_and_wakes_its_free)
{
	start_fenced(_i);
	const struct hg_class *class = new_class(1000);
	struct hg_guard *parent = born(class, 1), *child = born_of(class, 2, parent);
	struct hg_guard *grandchild = born_of(class, 3, child);
	struct op op = {0};
	pthread_t thread = begin_op(&op, grandchild);
	struct freer freer = {.guard = parent, .op = &op};
	pthread_t freeing = spawn(freer_body, &freer);
	gate_wait(&freer.seen);
	ck_assert(atomic_load(&grandchild->word) & HG_WORD_WATCHED);
	uint32_t wakes = atomic_load(&parent->signals);
	end_op(&op, thread);
	join(freeing);
	ck_assert(freer.op_had_left);
	ck_assert_int_eq(freer.result.outcome, HG_DRAINED);
	ck_assert_uint_eq(freer.result.waited_for, 1);
	ck_assert_uint_ne(atomic_load(&parent->signals), wakes);
	ck_assert_uint_eq(phase(child), HG_WORD_LIVE);
}
END_TEST

START_TEST(a_child_of_an_earlier_life_does_not_hold_the_parent)
{
	start_fenced(_i);
	const struct hg_class *class = new_class(1);
	struct hg_guard *parent = born(class, 1), *child = born_of(class, 2, parent);
	struct hg_frame *in;
	begin_free(parent, HG_FREE_WAIT, 1);
	born(class, 1);
	ck_assert_int_eq(enter(child, &in), HG_ENTERED);
	ck_assert(!hg_guard_entered_by(parent, in));
	ck_assert_int_eq(begin_free(parent, HG_FREE_WAIT, 1).outcome, HG_DRAINED);
	hg_guard_leave(child, in);
}
END_TEST

START_TEST(who_was_found_stays_until_one_has_waited_too_long)
{
	struct hg_holders found;
	start();
	hg_holders_reset(&found);
	ck_assert(hg_holders_stay(&found));
	hg_count(HG_COUNTER_INSPECTION_TIMEOUT);
	ck_assert(!hg_holders_stay(&found));
	hg_holders_reset(&found);
	ck_assert(hg_holders_stay(&found));
}
END_TEST

int main(void)
{
	return RUN_FENCED_SUITE(
	    "guard", a1_enter_leave_free, a2_no_op_enters_after_a_free, a3_a_free_waits_for_an_op,
	    a4_to_a8_a_free_that_times_out, a6_a_later_free_loses, a_guard_is_private_until_a_stranger_comes,
	    a_stranger_may_free_a_private_guard, an_op_that_the_owner_is_in_is_seen_by_a_strangers_free,
	    ops_beyond_the_recordings_frames_have_frames_too, ops_beyond_all_frames_are_visitors,
	    an_op_that_may_comes_in_while_a_free_drains, a_visitor_of_the_last_life_does_not_upset_the_next,
	    a_drain_ends_when_the_next_life_has_begun, a_free_looks_at_the_ops_in_flight,
	    who_was_found_stays_until_one_has_waited_too_long, observing_looks_and_lets_everything_pass,
	    a_silent_free_neither_looks_nor_waits, a_free_from_inside_an_op_cannot_wait,
	    a_free_waits_for_a_call_that_may_end_the_handle,
	    a_free_does_not_wait_for_a_call_that_ends_the_handle_in_any_case,
	    a_free_inside_a_call_that_ends_the_handle_is_that_calls_own_affair,
	    a_call_that_was_to_end_the_handle_and_is_no_more_is_in_nobodys_way,
	    an_op_on_a_grandchild_holds_the_parent_and_wakes_its_free,
	    a_child_of_an_earlier_life_does_not_hold_the_parent);
}
