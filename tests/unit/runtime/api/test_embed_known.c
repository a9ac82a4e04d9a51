/* handleguard.h, where the calling thread knows the guard and the place: enter and leave take a shorter way, which
 * shall come to the same. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/handleguard.h"
#include "api/start.h"
#include "harness.h"
#include "protocol/in_flight.h"

enum { OPS = 100 };

static handleguard_class streams = {.name = "stream", .deadline_ms = 100000};
static handleguard_class hasty = {.name = "hasty", .deadline_ms = 1};
static handleguard *guard;

/* Of one place, that of all ops here. */
static bool op_begins(handleguard_op *op)
{
	return HANDLEGUARD_ENTER(guard, op);
}

static void op_is_made(void)
{
	handleguard_op op;
	ck_assert(op_begins(&op));
	handleguard_leave(&op);
}

static void begin(handleguard_class *kind)
{
	start();
	guard = HANDLEGUARD_CREATE(kind, 0x5000);
	ck_assert_ptr_nonnull(guard);
	op_is_made();
	op_is_made();
}

START_TEST(each_op_is_counted)
{
	begin(&streams);
	for (int i = 2; i < OPS; i++)
		op_is_made();
	const struct hg_reader *reader = read_back();
	ck_assert_uint_eq(hg_reader_calls(reader, 1), OPS);
	ck_assert_ptr_eq(hg_context->top, hg_context->base);
}
END_TEST

START_TEST(an_op_holds_a_free_up)
{
	begin(&hasty);
	handleguard_op op;
	ck_assert(op_begins(&op));
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_TIMED_OUT);
	ck_assert_uint_eq(findings_of(HG_KIND_REENTRANT_FREE, NULL), 1);
	handleguard_leave(&op);
	ck_assert_ptr_eq(hg_context->top, hg_context->base);
}
END_TEST

START_TEST(an_op_that_comes_late_is_turned_away)
{
	begin(&streams);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
	handleguard_op op;
	ck_assert(!op_begins(&op));
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 1);
	guard = HANDLEGUARD_CREATE(&streams, 0x5000);
	op_is_made();
}
END_TEST

START_TEST(ops_may_leave_in_any_order)
{
	begin(&streams);
	handleguard_op first, second;
	ck_assert(op_begins(&first) && op_begins(&second));
	handleguard_leave(&first);
	ck_assert(hg_in_flight((struct hg_guard *)guard));
	handleguard_leave(&second);
	ck_assert(!hg_in_flight((struct hg_guard *)guard));
}
END_TEST

/* What is left under another op is found again once all frames are in use. */
START_TEST(ops_that_leave_out_of_order_take_no_frames_for_good)
{
	begin(&streams);
	for (int i = 0; i < 4 * HG_FRAMES; i++) {
		handleguard_op first, second;
		ck_assert(op_begins(&first) && op_begins(&second));
		handleguard_leave(&first);
		handleguard_leave(&second);
	}
	ck_assert(!hg_in_flight((struct hg_guard *)guard));
	ck_assert_ptr_null(hg_context->more_base);
}
END_TEST

static void *leave(void *op)
{
	hg_context_here();
	handleguard_leave(op);
	return NULL;
}

START_TEST(an_op_may_be_left_by_another_thread)
{
	begin(&streams);
	handleguard_op op;
	ck_assert(op_begins(&op));
	join(spawn(leave, &op));
	ck_assert(!hg_in_flight((struct hg_guard *)guard));
}
END_TEST

static handleguard_op parents;

/* The child's own op may take the place that its parent's had. */
static int leave_in_child(void)
{
	handleguard_op own;
	bool entered = op_begins(&own);
	handleguard_leave(&parents);
	bool stays = hg_in_flight((struct hg_guard *)guard);
	handleguard_leave(&own);
	return !(entered && stays && !hg_in_flight((struct hg_guard *)guard));
}

START_TEST(a_child_does_not_leave_its_parents_op)
{
	int status;
	begin(&streams);
	ck_assert(op_begins(&parents));
	pid_t child = fork();
	if (child == 0)
		_exit(leave_in_child());
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	ck_assert(hg_in_flight((struct hg_guard *)guard));
	handleguard_leave(&parents);
	ck_assert(!hg_in_flight((struct hg_guard *)guard));
}
END_TEST

enum { ROUNDS = 300, SIDES = 2 };

static _Atomic bool torn_down, wrong;
static pthread_barrier_t together;

static void *use_till_the_end(void *unused)
{
	pthread_barrier_wait(&together);
	for (handleguard_op op; op_begins(&op); handleguard_leave(&op))
		if (torn_down)
			wrong = true;
	return unused;
}

/* Ops and a free begin at any moment of each other's. */
START_TEST(no_op_is_in_when_a_free_has_drained)
{
	setenv("HANDLEGUARD_REPEAT_LIMIT", "1", 1);
	start_fenced(_i);
	pthread_barrier_init(&together, NULL, SIDES + 1);
	for (int round = 0; round < ROUNDS; round++) {
		pthread_t threads[SIDES];
		torn_down = false;
		guard = HANDLEGUARD_CREATE(&streams, 0x5000);
		for (int i = 0; i < SIDES; i++)
			threads[i] = spawn(use_till_the_end, NULL);
		pthread_barrier_wait(&together);
		ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
		torn_down = true;
		for (int i = 0; i < SIDES; i++)
			join(threads[i]);
	}
	ck_assert(!wrong);
}
END_TEST

int main(void)
{
	return RUN_FENCED_SUITE("embed_known", each_op_is_counted, an_op_holds_a_free_up,
	                        an_op_that_comes_late_is_turned_away, ops_may_leave_in_any_order,
	                        ops_that_leave_out_of_order_take_no_frames_for_good,
	                        an_op_may_be_left_by_another_thread, a_child_does_not_leave_its_parents_op,
	                        no_op_is_in_when_a_free_has_drained);
}
