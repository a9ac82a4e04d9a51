/* Frees: whether, when and how often the real function is called, and what callers get meanwhile. */
#include <sched.h>
#include <stdlib.h>

#include "guarded.h"

#define MANIFEST                                                                                                       \
	"classes:\n"                                                                                                   \
	"  node: {reject: -7}\n"                                                                                       \
	"  quick: {reject: -7, deadline_ms: 20, after_deadline: leak}\n"                                               \
	"  brief: {reject: -7, deadline_ms: 20, after_deadline: defer}\n"                                              \
	"  bud: {reject: -7}\n"                                                                                        \
	"functions:\n"                                                                                                 \
	"  touch: {op: {node: 0}}\n"                                                                                   \
	"  call: {op: {node: 0}}\n"                                                                                    \
	"  quick_call: {op: {quick: 0}}\n"                                                                             \
	"  quick_close: {free: {quick: 0}}\n"                                                                          \
	"  brief_call: {op: {brief: 0}}\n"                                                                             \
	"  brief_close: {free: {brief: 0}, deferred: 5, freed: \">= 0\"}\n"                                            \
	"  close: {free: {node: 0}, deferred: 5}\n"                                                                    \
	"  try_close: {free: {node: 0}, freed: \"== 0\"}\n"                                                            \
	"  join: {free: {node: 0}, ends: on_return}\n"                                                                 \
	"  close_all: {free: {node: all}}\n"                                                                           \
	"  sprout: {op: {node: 0}, create: bud, parent: {node: 0}}\n"                                                  \
	"  bud_touch: {op: {bud: 0}}\n"                                                                                \
	"  fell: {free: {node: 0}, children: end}\n"
enum { NODE, QUICK, BRIEF, BUD };

static _Atomic unsigned freed;
static int result_of_free;

static uint64_t touch_real(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
	return 1;
}

static uint64_t call_real(uint64_t a, uint64_t callback, uint64_t data, uint64_t d, uint64_t e, uint64_t f)
{
	(void)d, (void)e, (void)f;
	((void (*)(uint64_t, uint64_t))callback)(a, data);
	return 1;
}

/* Calls back too, if it is asked to. */
static uint64_t free_real(uint64_t a, uint64_t callback, uint64_t data, uint64_t d, uint64_t e, uint64_t f)
{
	(void)d, (void)e, (void)f;
	freed++;
	if (callback)
		((void (*)(uint64_t, uint64_t))callback)(a, data);
	return (uint64_t)(int64_t)result_of_free;
}

static uint64_t sprout_real(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)b, (void)c, (void)d, (void)e, (void)f;
	return a + 1000;
}

static void set_up(void)
{
	static const char *const frees[] = {"close", "try_close",   "join",       "close_all",
	                                    "fell",  "quick_close", "brief_close"};
	start_guarded(MANIFEST);
	bind_function("touch", touch_real);
	bind_function("bud_touch", touch_real);
	bind_function("call", call_real);
	bind_function("quick_call", call_real);
	bind_function("brief_call", call_real);
	bind_function("sprout", sprout_real);
	for (unsigned i = 0; i < sizeof frees / sizeof *frees; i++)
		bind_function(frees[i], free_real);
}

START_TEST(a_handle_is_freed_once)
{
	set_up();
	CALL("touch", 10);
	ck_assert_uint_eq(CALL("close", 10), 0);
	ck_assert_int_eq(last_action(), HG_CALL);
	ck_assert_int_eq((int)CALL("close", 10), -7);
	ck_assert_int_eq(last_action(), HG_REJECTED);
	ck_assert_uint_eq(freed, 1);
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, NULL), 1);
	ck_assert_uint_eq(counted(NODE, HG_CLASS_FREED), 1);
}
END_TEST

/* --- a free and an op of another thread --- */

static struct gate inside, go_on;

static void stand_still(uint64_t handle, uint64_t data)
{
	(void)handle, (void)data;
	gate_open(&inside);
	gate_wait(&go_on);
}

static void *use(void *name)
{
	return (void *)call_function(name, (const uint64_t[ARGUMENTS]){10, (uint64_t)stand_still});
}

static void *close_it(void *unused)
{
	(void)unused;
	return (void *)CALL("close", 10);
}

static void await_freeing(void)
{
	while (!(atomic_load(&guard_of(NODE, 10)->word) & HG_WORD_FREEING))
		sched_yield();
}

/* How many ops a finding names. */
static unsigned ops_named(const struct hg_record_finding *told)
{
	unsigned count = 0;
	for (const struct hg_record_party *party = NULL; (party = hg_reader_party(told, party));)
		count += party->role == HG_PARTY_IN_FLIGHT;
	return count;
}

START_TEST(a_free_waits_for_an_op_of_another_thread)
{
	set_up();
	pthread_t user = spawn(use, (char *)"call");
	gate_wait(&inside);
	pthread_t closer = spawn(close_it, NULL);
	await_freeing();
	ck_assert_uint_eq(freed, 0);
	ck_assert_int_eq((int)CALL("touch", 10), -7);
	gate_open(&go_on);
	ck_assert_uint_eq((uint64_t)join(user), 1);
	ck_assert_uint_eq((uint64_t)join(closer), 0);
	ck_assert_uint_eq(freed, 1);
	const struct hg_record_finding *told;
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_FREE, &told), 1);
	ck_assert_uint_eq(ops_named(told), 1);
}
END_TEST

/* The handle is leaked, and dead all the same. */
START_TEST(a_free_gives_up_at_its_deadline)
{
	set_up();
	pthread_t user = spawn(use, (char *)"quick_call");
	gate_wait(&inside);
	ck_assert_int_eq((int)CALL("quick_close", 10), -7);
	gate_open(&go_on);
	join(user);
	ck_assert_int_eq((int)CALL("quick_call", 10, (uint64_t)stand_still), -7);
	ck_assert_uint_eq(freed, 0);
	ck_assert_uint_eq(findings_of(HG_KIND_DRAIN_TIMEOUT, NULL), 1);
	ck_assert_uint_eq(counted(QUICK, HG_CLASS_LEAKED), 1);
}
END_TEST

/* The caller is told that it was turned away; the handle is freed by the op, and counted then. */
START_TEST(a_free_that_gave_up_takes_place_when_the_op_leaves)
{
	set_up();
	pthread_t user = spawn(use, (char *)"brief_call");
	gate_wait(&inside);
	ck_assert_int_eq((int)CALL("brief_close", 10), -7);
	ck_assert_uint_eq(freed, 0);
	ck_assert_uint_eq(counted(BRIEF, HG_CLASS_LEAKED) + counted(BRIEF, HG_CLASS_FREED), 0);
	gate_open(&go_on);
	join(user);
	ck_assert_int_eq((int)CALL("brief_call", 10, (uint64_t)stand_still), -7);
	ck_assert_uint_eq(freed, 1);
	ck_assert_uint_eq(findings_of(HG_KIND_DRAIN_TIMEOUT, NULL), 1);
	ck_assert_uint_eq(findings_of(HG_KIND_FREED_LATE, NULL), 1);
	ck_assert_uint_eq(counted(BRIEF, HG_CLASS_FREED), 1);
}
END_TEST

/* It can fail then as it could have before: the handle lives. */
START_TEST(a_free_that_gave_up_can_fail_when_the_op_leaves)
{
	set_up();
	result_of_free = -1;
	pthread_t user = spawn(use, (char *)"brief_call");
	gate_wait(&inside);
	ck_assert_int_eq((int)CALL("brief_close", 10), -7);
	gate_open(&go_on);
	join(user);
	ck_assert_uint_eq(freed, 1);
	ck_assert_uint_eq(findings_of(HG_KIND_FREED_LATE, NULL), 0);
	ck_assert_uint_eq(counted(BRIEF, HG_CLASS_FREED), 0);
	result_of_free = 0;
	ck_assert_int_eq((int)CALL("brief_close", 10), 0);
	ck_assert_uint_eq(freed, 2);
}
END_TEST

/* --- a free inside its own op --- */

static void close_inside(uint64_t node, uint64_t depth)
{
	if (depth) {
		CALL("call", node, (uint64_t)close_inside, depth - 1);
	} else {
		ck_assert_uint_eq(CALL("close", node), 5);
		ck_assert_int_eq((int)CALL("touch", node), -7);
	}
	ck_assert_uint_eq(freed, 0);
}

START_TEST(a_free_in_its_own_op_is_left_to_the_outermost)
{
	set_up();
	ck_assert_uint_eq(CALL("call", 10, (uint64_t)close_inside, 2), 1);
	ck_assert_uint_eq(freed, 1);
	ck_assert_uint_eq(findings_of(HG_KIND_REENTRANT_FREE, NULL), 1);
	ck_assert_uint_eq(counted(NODE, HG_CLASS_FREED), 1);
}
END_TEST

/* --- frees that fail, or end their handle later --- */

START_TEST(a_free_that_fails_leaves_the_handle_alive)
{
	set_up();
	result_of_free = -1;
	ck_assert_int_eq((int)CALL("try_close", 10), -1);
	ck_assert_uint_eq(CALL("touch", 10), 1);
	result_of_free = 0;
	ck_assert_int_eq((int)CALL("try_close", 10), 0);
	ck_assert_int_eq((int)CALL("touch", 10), -7);
	ck_assert_uint_eq(freed, 2);
	ck_assert_uint_eq(counted(NODE, HG_CLASS_FREED), 1);
}
END_TEST

static void touch_twice(uint64_t node, uint64_t expected)
{
	ck_assert_int_eq((int)CALL("touch", node), (int)expected);
	ck_assert_int_eq((int)CALL("touch", node), (int)expected);
}

START_TEST(what_ends_on_return_can_be_used_till_then)
{
	set_up();
	CALL("join", 10, (uint64_t)touch_twice, 1);
	ck_assert_int_eq((int)CALL("touch", 10), -7);
	ck_assert_int_eq((int)CALL("join", 10), -7);
	ck_assert_uint_eq(freed, 1);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 1);
}
END_TEST

/* A destroy callback may use its handle: it is the library that allows it. */
START_TEST(inside_its_real_free_a_handle_can_be_used)
{
	set_up();
	CALL("close", 10, (uint64_t)touch_twice, 1);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 0);
	ck_assert_int_eq((int)CALL("touch", 10), -7);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 1);
}
END_TEST

/* --- several at once --- */

START_TEST(the_end_of_all_ends_each)
{
	set_up();
	CALL("touch", 10);
	CALL("touch", 20);
	CALL("close_all", 0);
	ck_assert_int_eq((int)CALL("touch", 10), -7);
	ck_assert_int_eq((int)CALL("touch", 20), -7);
	ck_assert_uint_eq(freed, 1);
	ck_assert_uint_eq(counted(NODE, HG_CLASS_FREED), 2);
}
END_TEST

START_TEST(a_free_that_leaves_a_child_makes_it_an_orphan)
{
	set_up();
	ck_assert_uint_eq(CALL("sprout", 10), 1010);
	CALL("close", 10);
	ck_assert_int_eq((int)CALL("bud_touch", 1010), -7);
	ck_assert_uint_eq(findings_of(HG_KIND_ORPHAN, NULL), 2);
}
END_TEST

START_TEST(a_free_that_ends_the_children_says_nothing_of_them)
{
	set_up();
	CALL("sprout", 10);
	CALL("fell", 10);
	ck_assert_uint_eq(findings_of(HG_KIND_ORPHAN, NULL), 0);
	ck_assert_int_eq((int)CALL("bud_touch", 1010), -7);
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 1);
	ck_assert_uint_eq(counted(BUD, HG_CLASS_FREED), 1);
}
END_TEST

START_TEST(only_observed_every_free_is_made)
{
	setenv("HANDLEGUARD_MODE", "observe", 1);
	set_up();
	CALL("close", 10);
	CALL("close", 10);
	ck_assert_uint_eq(freed, 2);
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, NULL), 1);
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: frees", a_handle_is_freed_once, a_free_waits_for_an_op_of_another_thread,
	                 a_free_gives_up_at_its_deadline, a_free_that_gave_up_takes_place_when_the_op_leaves,
	                 a_free_that_gave_up_can_fail_when_the_op_leaves, a_free_in_its_own_op_is_left_to_the_outermost,
	                 a_free_that_fails_leaves_the_handle_alive, what_ends_on_return_can_be_used_till_then,
	                 inside_its_real_free_a_handle_can_be_used, the_end_of_all_ends_each,
	                 a_free_that_leaves_a_child_makes_it_an_orphan,
	                 a_free_that_ends_the_children_says_nothing_of_them, only_observed_every_free_is_made);
}
