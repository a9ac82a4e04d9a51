/* handleguard.h, as a library uses it in its own handles. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/handleguard.h"
#include "harness.h"
#include "protocol/in_flight.h"
#include "protocol/signals.h"

static handleguard_class streams = {.name = "stream", .deadline_ms = 100000};
static handleguard_class hasty = {.name = "hasty", .deadline_ms = 1};
static handleguard_class patient = {.name = "patient", .deadline_ms = 100000, .drain = HANDLEGUARD_DRAIN_WAIT};
static handleguard_class leaving = {.name = "leaving", .drain = HANDLEGUARD_DRAIN_DEFER};
static handleguard *guard;

static void begin(handleguard_class *kind)
{
	start();
	guard = HANDLEGUARD_CREATE(kind, 0x5000);
	ck_assert_ptr_nonnull(guard);
}

START_TEST(the_documented_use)
{
	begin(&streams);
	handleguard_op op;
	ck_assert(HANDLEGUARD_ENTER(guard, &op));
	handleguard_leave(&op);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
	ck_assert(!HANDLEGUARD_ENTER(guard, &op));
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_ALREADY_FREEING);
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, &finding), 1);
	const struct hg_reader *reader = read_back();
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, &finding), 1);
	ck_assert_str_eq(hg_reader_text(reader, hg_reader_class(reader, finding->class_index)->name), "stream");
	ck_assert_uint_eq(hg_reader_handles(reader, finding->class_index, HG_CLASS_CREATED), 1);
	ck_assert_uint_eq(hg_reader_handles(reader, finding->class_index, HG_CLASS_FREED), 1);
}
END_TEST

START_TEST(guards_are_found_by_value)
{
	begin(&streams);
	ck_assert_ptr_eq(handleguard_find(&streams, 0x5000), guard);
	ck_assert_ptr_null(handleguard_find(&streams, 0x5001));
	ck_assert_ptr_null(handleguard_find(&hasty, 0x5000));
}
END_TEST

START_TEST(an_end_in_two_steps)
{
	begin(&streams);
	handleguard_op before, closing, op;
	ck_assert(HANDLEGUARD_ENTER(guard, &before));
	ck_assert(HANDLEGUARD_CLOSE(guard, &closing));
	handleguard_leave(&closing);
	handleguard_leave(&before);
	ck_assert(!HANDLEGUARD_ENTER(guard, &op) && !HANDLEGUARD_CLOSE(guard, &op));
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 2);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, NULL), 0);
	guard = HANDLEGUARD_CREATE(&streams, 0x5000);
	ck_assert(HANDLEGUARD_ENTER(guard, &op));
	handleguard_leave(&op);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 2);
}
END_TEST

START_TEST(a_close_that_is_observed_changes_nothing)
{
	setenv("HANDLEGUARD_MODE", "observe", 1);
	begin(&streams);
	handleguard_op op;
	for (int i = 0; i < 2; i++) {
		ck_assert(HANDLEGUARD_CLOSE(guard, &op));
		handleguard_leave(&op);
	}
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 1);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
}
END_TEST

START_TEST(null_lets_everything_pass)
{
	handleguard_op op;
	ck_assert(HANDLEGUARD_ENTER((handleguard *)NULL, &op));
	handleguard_leave(&op);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE((handleguard *)NULL), HANDLEGUARD_DRAINED);
}
END_TEST

struct op {
	struct gate entered, may_leave;
	handleguard_op op;
	bool keep;
};

static void *op_body(void *argument)
{
	struct op *op = argument;
	bool entered = HANDLEGUARD_ENTER(guard, &op->op);
	gate_open(&op->entered);
	gate_wait(&op->may_leave);
	if (entered && !op->keep)
		handleguard_leave(&op->op);
	return entered ? argument : NULL;
}

START_TEST(a_free_that_times_out_is_told_apart)
{
	begin(&hasty);
	struct op op = {0};
	handleguard_op late;
	pthread_t thread = spawn(op_body, &op);
	gate_wait(&op.entered);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_TIMED_OUT);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_ALREADY_FREEING);
	ck_assert(!HANDLEGUARD_ENTER(guard, &late));
	gate_open(&op.may_leave);
	ck_assert_ptr_nonnull(join(thread));
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_DRAIN_TIMEOUT, &finding), 1);
	ck_assert_uint_eq(finding->deadline_ns, 1000000);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, NULL), 0);
}
END_TEST

static void *free_body(void *argument)
{
	*(handleguard_outcome *)argument = HANDLEGUARD_BEGIN_FREE(guard);
	return NULL;
}

/* Frees on another thread while an op is in flight, which is let go once the free has looked at who is. */
static handleguard_outcome free_during_op(void *(*body)(void *))
{
	struct op op = {0};
	handleguard_outcome outcome = HANDLEGUARD_TIMED_OUT;
	pthread_t thread = spawn(op_body, &op);
	gate_wait(&op.entered);
	pthread_t freeing = spawn(body, &outcome);
	struct hg_guard *inner = (struct hg_guard *)guard;
	while (!(atomic_load(&inner->word) & HG_WORD_FREEING) || hg_inspectors(atomic_load(&inner->signals)))
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	gate_open(&op.may_leave);
	join(freeing);
	join(thread);
	return outcome;
}

START_TEST(a_late_free_names_the_op_that_it_waited_for)
{
	begin(&streams);
	ck_assert_int_eq(free_during_op(free_body), HANDLEGUARD_DRAINED);
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, &finding), 1);
	const struct hg_reader *reader = read_back();
	findings_of(HG_KIND_LATE_FREE, &finding);
	const struct hg_record_party *party = hg_reader_party(finding, NULL);
	while (party && party->role != HG_PARTY_IN_FLIGHT)
		party = hg_reader_party(finding, party);
	ck_assert_ptr_nonnull(party);
	ck_assert_str_eq(hg_reader_text(reader, hg_reader_symbol(reader, party->symbol)->name), "op_body");
}
END_TEST

START_TEST(a_free_inside_its_own_op_is_reentrant)
{
	begin(&streams);
	handleguard_op op;
	ck_assert(HANDLEGUARD_ENTER(guard, &op));
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_TIMED_OUT);
	handleguard_leave(&op);
	ck_assert_uint_eq(findings_of(HG_KIND_REENTRANT_FREE, NULL), 1);
}
END_TEST

/* --- frees that hand their work over --- */

static int torn_down;
static pthread_t torn_down_by;

static void tear_down(void *argument)
{
	ck_assert_ptr_eq(argument, &torn_down);
	torn_down++;
	torn_down_by = pthread_self();
}

static handleguard_outcome hand_over(void)
{
	return HANDLEGUARD_FREE(guard, tear_down, &torn_down);
}

static void *hand_over_body(void *argument)
{
	*(handleguard_outcome *)argument = hand_over();
	return NULL;
}

START_TEST(work_that_is_handed_over_is_done_at_once_where_nothing_is_in_flight)
{
	begin(&streams);
	ck_assert_int_eq(hand_over(), HANDLEGUARD_DRAINED);
	ck_assert_int_eq(torn_down, 1);
	ck_assert_int_eq(hand_over(), HANDLEGUARD_ALREADY_FREEING);
	guard = NULL;
	ck_assert_int_eq(torn_down, 1);
	ck_assert_int_eq(hand_over(), HANDLEGUARD_DRAINED);
	ck_assert_int_eq(torn_down, 2);
}
END_TEST

/* The free returns while the op is in flight, and its work is done by the op's thread. */
static void hand_over_to_op(void)
{
	struct op op = {0};
	pthread_t thread = spawn(op_body, &op);
	gate_wait(&op.entered);
	ck_assert_int_eq(hand_over(), HANDLEGUARD_DEFERRED);
	ck_assert_int_eq(hand_over(), HANDLEGUARD_ALREADY_FREEING);
	ck_assert_int_eq(torn_down, 0);
	gate_open(&op.may_leave);
	join(thread);
	ck_assert_int_eq(torn_down, 1);
	ck_assert(pthread_equal(torn_down_by, thread));
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, &finding), 1);
	const struct hg_reader *reader = read_back();
	ck_assert_uint_eq(hg_reader_handles(reader, 0, HG_CLASS_FREED), 1);
	ck_assert_uint_eq(hg_reader_handles(reader, 0, HG_CLASS_LEAKED), 0);
}

START_TEST(the_last_op_does_the_work_where_the_class_defers)
{
	begin(&leaving);
	hand_over_to_op();
}
END_TEST

START_TEST(the_last_op_does_the_work_where_the_run_defers)
{
	setenv("HANDLEGUARD_DRAIN", "defer", 1);
	begin(&streams);
	hand_over_to_op();
}
END_TEST

START_TEST(a_class_that_waits_does_so_where_the_run_defers)
{
	setenv("HANDLEGUARD_DRAIN", "defer", 1);
	begin(&patient);
	ck_assert_int_eq(free_during_op(hand_over_body), HANDLEGUARD_DRAINED);
	ck_assert_int_eq(torn_down, 1);
}
END_TEST

START_TEST(a_free_that_keeps_its_work_waits_where_the_run_defers)
{
	setenv("HANDLEGUARD_DRAIN", "defer", 1);
	begin(&streams);
	ck_assert_int_eq(free_during_op(free_body), HANDLEGUARD_DRAINED);
}
END_TEST

START_TEST(work_handed_over_inside_its_own_op_is_done_when_that_leaves)
{
	begin(&streams);
	handleguard_op op;
	ck_assert(HANDLEGUARD_ENTER(guard, &op));
	ck_assert_int_eq(hand_over(), HANDLEGUARD_DEFERRED);
	ck_assert_int_eq(torn_down, 0);
	handleguard_leave(&op);
	ck_assert_int_eq(torn_down, 1);
	ck_assert_uint_eq(findings_of(HG_KIND_REENTRANT_FREE, NULL), 1);
}
END_TEST

START_TEST(work_whose_free_has_timed_out_is_never_done)
{
	begin(&hasty);
	struct op op = {0};
	pthread_t thread = spawn(op_body, &op);
	gate_wait(&op.entered);
	ck_assert_int_eq(hand_over(), HANDLEGUARD_TIMED_OUT);
	gate_open(&op.may_leave);
	ck_assert_ptr_nonnull(join(thread));
	ck_assert_int_eq(torn_down, 0);
}
END_TEST

START_TEST(an_op_may_end_on_another_thread)
{
	begin(&streams);
	struct op op = {.keep = true};
	pthread_t thread = spawn(op_body, &op);
	gate_wait(&op.entered);
	handleguard_leave(&op.op);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
	gate_open(&op.may_leave);
	join(thread);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, NULL), 0);
}
END_TEST

START_TEST(observing_changes_nothing)
{
	setenv("HANDLEGUARD_MODE", "observe", 1);
	begin(&streams);
	handleguard_op op;
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
	ck_assert(HANDLEGUARD_ENTER(guard, &op));
	handleguard_leave(&op);
	ck_assert_ptr_eq(hg_context->top, hg_context->base);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 1);
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, NULL), 1);
}
END_TEST

START_TEST(a_live_value_created_again_is_reborn)
{
	begin(&streams);
	ck_assert_ptr_eq(HANDLEGUARD_CREATE(&streams, 0x5000), guard);
	ck_assert_uint_eq(findings_of(HG_KIND_REBORN, NULL), 1);
}
END_TEST

START_TEST(a_childs_leave_does_not_end_the_parents_op)
{
	begin(&hasty);
	handleguard_op op;
	int status;
	ck_assert(HANDLEGUARD_ENTER(guard, &op));
	pid_t child = fork();
	if (child == 0) {
		handleguard_leave(&op);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(hg_guard_entered_by((struct hg_guard *)guard, op.frame));
	handleguard_leave(&op);
}
END_TEST

/* --- readying a class at once from many threads --- */

enum { WORKERS = 8 };
static pthread_barrier_t together;
static handleguard_class fresh = {.name = "fresh"};

static void *create_one(void *argument)
{
	pthread_barrier_wait(&together);
	handleguard *mine = HANDLEGUARD_CREATE(&fresh, argument);
	handleguard_op op;
	bool entered = HANDLEGUARD_ENTER(mine, &op);
	handleguard_leave(&op);
	return entered && HANDLEGUARD_BEGIN_FREE(mine) == HANDLEGUARD_DRAINED ? argument : NULL;
}

START_TEST(threads_that_come_at_once_share_class_and_sites)
{
	pthread_t threads[WORKERS];
	start();
	pthread_barrier_init(&together, NULL, WORKERS);
	for (uint64_t i = 0; i < WORKERS; i++)
		threads[i] = spawn(create_one, (void *)(i + 1));
	for (int i = 0; i < WORKERS; i++)
		ck_assert_ptr_nonnull(join(threads[i]));
	const struct hg_reader *reader = read_back();
	ck_assert_ptr_nonnull(hg_reader_class(reader, 0));
	ck_assert_ptr_null(hg_reader_class(reader, 1));
	ck_assert_ptr_nonnull(hg_reader_symbol(reader, 2));
	ck_assert_ptr_null(hg_reader_symbol(reader, 3));
	ck_assert_uint_eq(hg_reader_handles(reader, 0, HG_CLASS_CREATED), WORKERS);
}
END_TEST

int main(void)
{
	return RUN_SUITE(
	    "embed", the_documented_use, guards_are_found_by_value, an_end_in_two_steps,
	    a_close_that_is_observed_changes_nothing, null_lets_everything_pass, a_free_that_times_out_is_told_apart,
	    a_late_free_names_the_op_that_it_waited_for, a_free_inside_its_own_op_is_reentrant,
	    work_that_is_handed_over_is_done_at_once_where_nothing_is_in_flight,
	    the_last_op_does_the_work_where_the_class_defers, the_last_op_does_the_work_where_the_run_defers,
	    a_class_that_waits_does_so_where_the_run_defers, a_free_that_keeps_its_work_waits_where_the_run_defers,
	    work_handed_over_inside_its_own_op_is_done_when_that_leaves, work_whose_free_has_timed_out_is_never_done,
	    an_op_may_end_on_another_thread, observing_changes_nothing, a_live_value_created_again_is_reborn,
	    a_childs_leave_does_not_end_the_parents_op, threads_that_come_at_once_share_class_and_sites);
}
