/* Ops: on which handles a call is in flight while its real function runs, and what a late one gets. */
#include <stdlib.h>

#include "guarded.h"
#include "protocol/in_flight.h"

#define MANIFEST                                                                                                       \
	"classes:\n"                                                                                                   \
	"  node: {none: [0, 99], reject: -7}\n"                                                                        \
	"  id: {type: uint16, reject: -8}\n"                                                                           \
	"functions:\n"                                                                                                 \
	"  touch: {op: {node: 0}}\n"                                                                                   \
	"  join: {op: {node: [0, 1]}}\n"                                                                               \
	"  poll: {op: {node: {array: 0, count: 1, stride: 16, offset: 8}}}\n"                                          \
	"  touch_id: {op: {id: 0}}\n"                                                                                  \
	"  choose: {op: {node: {arg: 1, if: {0: 2}}}}\n"                                                               \
	"  nest: {op: {node: 0}}\n"                                                                                    \
	"  close: {free: {node: 0}}\n"
enum { NODE, ID };

static unsigned reached;
static struct hg_guard *seen[64]; /* in flight while the real function ran */
static unsigned seen_count;

static void look_at(unsigned class, uint64_t value)
{
	struct hg_guard *guard = guard_of(class, value);
	if (guard && hg_in_flight(guard))
		seen[seen_count++] = guard;
}

static uint64_t work(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)c, (void)d, (void)e, (void)f;
	reached++;
	look_at(NODE, a);
	look_at(NODE, b);
	look_at(ID, a & UINT16_MAX);
	return a + 1;
}

static uint64_t poll_real(uint64_t nodes, uint64_t count, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)c, (void)d, (void)e, (void)f;
	reached++;
	for (int32_t i = 0; i < (int32_t)count; i++)
		look_at(NODE, ((const uint64_t *)nodes)[2 * i + 1]);
	return count;
}

static uint64_t nest_real(uint64_t node, uint64_t depth, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)c, (void)d, (void)e, (void)f;
	reached++;
	if (depth)
		ck_assert_uint_eq(CALL("nest", node, depth - 1), 7);
	ck_assert(hg_in_flight(guard_of(NODE, node)));
	return 7;
}

static void set_up(void)
{
	static const char *const names[] = {"touch", "join", "touch_id", "choose", "close"};
	start_guarded(MANIFEST);
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		bind_function(names[i], work);
	bind_function("poll", poll_real);
	bind_function("nest", nest_real);
}

START_TEST(an_op_is_in_flight_while_it_runs_and_no_longer)
{
	set_up();
	ck_assert_uint_eq(CALL("touch", 10), 11);
	ck_assert_int_eq(last_action(), HG_CALL);
	ck_assert_uint_eq(seen_count, 1);
	ck_assert_ptr_eq(seen[0], guard_of(NODE, 10));
	ck_assert(!hg_in_flight(guard_of(NODE, 10)));
}
END_TEST

START_TEST(values_that_name_no_handle_are_none)
{
	set_up();
	ck_assert_uint_eq(CALL("touch", 0), 1);
	ck_assert_uint_eq(CALL("touch", 99), 100);
	ck_assert_uint_eq(reached, 2);
	ck_assert_ptr_null(guard_of(NODE, 0));
	ck_assert_ptr_null(guard_of(NODE, 99));
}
END_TEST

START_TEST(bits_that_the_type_does_not_have_do_not_count)
{
	set_up();
	ck_assert_uint_eq(CALL("touch_id", 0xabcd0005), 0xabcd0006);
	ck_assert_uint_eq(seen_count, 1);
	ck_assert_ptr_eq(seen[0], guard_of(ID, 5));
	ck_assert_ptr_null(guard_of(ID, 0xabcd0005));
}
END_TEST

START_TEST(an_op_on_two_handles_is_in_flight_on_both)
{
	set_up();
	CALL("join", 10, 20);
	ck_assert_uint_eq(seen_count, 2);
	ck_assert(!hg_in_flight(guard_of(NODE, 10)) && !hg_in_flight(guard_of(NODE, 20)));
}
END_TEST

START_TEST(an_argument_chooses)
{
	set_up();
	CALL("choose", 1, 20);
	ck_assert_ptr_null(guard_of(NODE, 20));
	CALL("choose", 2, 20);
	ck_assert_uint_eq(seen_count, 1);
	ck_assert_ptr_eq(seen[0], guard_of(NODE, 20));
}
END_TEST

START_TEST(an_array_is_as_long_as_its_caller_says)
{
	uint64_t nodes[] = {0, 30, 0, 31, 0, 0, 0, 33};
	set_up();
	ck_assert_uint_eq(CALL("poll", (uint64_t)nodes, 3), 3);
	ck_assert_uint_eq(seen_count, 2); /* the third element names none */
	ck_assert_ptr_null(guard_of(NODE, 33));
	ck_assert_uint_eq(CALL("poll", (uint64_t)nodes, UINT64_C(0xffffffff00000000)), UINT64_C(0xffffffff00000000));
}
END_TEST

/* More than a call has room for: those beyond pass unguarded, and are counted. */
START_TEST(handles_beyond_those_of_one_call_are_counted)
{
	uint64_t nodes[2 * (HG_CALL_USES + 3)] = {0};
	set_up();
	for (unsigned i = 0; i < HG_CALL_USES + 3; i++)
		nodes[2 * i + 1] = 100 + i;
	CALL("poll", (uint64_t)nodes, HG_CALL_USES + 3);
	ck_assert_uint_eq(reached, 1);
	ck_assert_uint_eq(seen_count, HG_CALL_USES);
	ck_assert_uint_eq(counter(HG_COUNTER_HANDLES_CUT), 3);
	for (unsigned i = 0; i < HG_CALL_USES; i++)
		ck_assert(!hg_in_flight(seen[i]));
}
END_TEST

START_TEST(ops_in_ops_leave_one_after_the_other)
{
	set_up();
	ck_assert_uint_eq(CALL("nest", 40, 5), 7);
	ck_assert_uint_eq(reached, 6);
	ck_assert(!hg_in_flight(guard_of(NODE, 40)));
}
END_TEST

START_TEST(a_late_op_is_rejected_and_told)
{
	set_up();
	CALL("close", 10);
	reached = 0;
	ck_assert_int_eq((int)CALL("touch", 10), -7);
	ck_assert_int_eq(last_action(), HG_REJECTED);
	ck_assert_uint_eq(reached, 0);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 1);
}
END_TEST

/* It has entered the other handle by then, which must be free again. */
START_TEST(a_late_op_on_one_of_two_leaves_the_other)
{
	set_up();
	CALL("close", 20);
	reached = 0;
	ck_assert_int_eq((int)CALL("join", 10, 20), -7);
	ck_assert_uint_eq(reached, 0);
	ck_assert(!hg_in_flight(guard_of(NODE, 10)));
	ck_assert_uint_eq(CALL("touch", 10), 11);
}
END_TEST

START_TEST(only_observed_a_late_op_is_made)
{
	setenv("HANDLEGUARD_MODE", "observe", 1);
	set_up();
	CALL("close", 10);
	ck_assert_uint_eq(CALL("touch", 10), 11);
	ck_assert_uint_eq(reached, 2);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 1);
	ck_assert(!hg_in_flight(guard_of(NODE, 10)));
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: ops", an_op_is_in_flight_while_it_runs_and_no_longer,
	                 values_that_name_no_handle_are_none, bits_that_the_type_does_not_have_do_not_count,
	                 an_op_on_two_handles_is_in_flight_on_both, an_argument_chooses,
	                 an_array_is_as_long_as_its_caller_says, handles_beyond_those_of_one_call_are_counted,
	                 ops_in_ops_leave_one_after_the_other, a_late_op_is_rejected_and_told,
	                 a_late_op_on_one_of_two_leaves_the_other, only_observed_a_late_op_is_made);
}
