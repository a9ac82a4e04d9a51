/* Plain calls: which are, when they go the short way, and that it comes to the same as the general way. Each test runs
 * once as it is, and once with no function taken for plain. */
#include <sys/wait.h>
#include <unistd.h>

#include "bind/plain_slots.h"
#include "guarded.h"
#include "protocol/end.h"
#include "protocol/life.h"

#define MANIFEST                                                                                                       \
	"classes:\n"                                                                                                   \
	"  node: {none: [0, 99], reject: -7}\n"                                                                        \
	"  token: {reject: -7, fork: owner_strict}\n"                                                                  \
	"functions:\n"                                                                                                 \
	"  open: {create: node}\n"                                                                                     \
	"  open_to: {create: node, from: \"*1\", when: \"== 0\"}\n"                                                    \
	"  touch: {op: {node: 0}}\n"                                                                                   \
	"  close: {free: {node: 0}}\n"                                                                                 \
	"  try_close: {free: {node: 0}, freed: \"== 0\"}\n"                                                            \
	"  token_new: {create: token}\n"                                                                               \
	"  token_close: {free: {token: 0}}\n"
enum { NODE, TOKEN };

static uint64_t result;
static unsigned freed;
static void (*inside)(uint64_t value); /* what the real functions call back, once */

static void call_back(uint64_t value)
{
	void (*back)(uint64_t) = inside;
	inside = NULL;
	if (back)
		back(value);
}

static uint64_t give(uint64_t a, uint64_t out, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)a, (void)c, (void)d, (void)e, (void)f;
	if (out)
		*(uint64_t *)out = 10;
	call_back(10);
	return result;
}

static uint64_t take(uint64_t value, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)b, (void)c, (void)d, (void)e, (void)f;
	freed++;
	call_back(value);
	return result;
}

static const char *const names[] = {"open", "open_to", "touch", "close", "try_close", "token_new", "token_close"};
enum { NAMES = sizeof names / sizeof *names };

static void set_up(bool general)
{
	start_guarded(MANIFEST);
	for (unsigned i = 0; i < NAMES; i++) {
		bool frees = strstr(names[i], "close") || strcmp(names[i], "touch") == 0;
		bind_function(names[i], frees ? take : give);
		if (general)
			function(names[i])->plain = HG_PLAIN_NOT;
	}
}

/* Of a call that is plain. */
static void check_way(bool general)
{
	ck_assert_int_eq(last_was_plain(), !general);
}

static uint64_t open_node(uint64_t value)
{
	result = value;
	uint64_t node = CALL("open", 0);
	result = 0;
	return node;
}

static bool lives(uint64_t value)
{
	return guard_of(NODE, value) && hg_guard_lives(guard_of(NODE, value));
}

static void check_counts(uint64_t created, uint64_t ended, uint64_t adopted)
{
	ck_assert_uint_eq(counted(NODE, HG_CLASS_CREATED), created);
	ck_assert_uint_eq(counted(NODE, HG_CLASS_FREED), ended);
	ck_assert_uint_eq(counted(NODE, HG_CLASS_ADOPTED), adopted);
}

START_TEST(a_life_has_its_beginning_and_its_end)
{
	set_up(_i);
	for (uint32_t i = 1; i < 4; i++) {
		ck_assert_uint_eq(open_node(10), 10);
		check_way(_i);
		ck_assert(lives(10));
		CALL("close", 10);
		check_way(_i);
		struct hg_guard *guard = guard_of(NODE, 10);
		struct hg_event create = hg_event_of_life(&guard->create, i), end = hg_end_of_life(guard, i);
		ck_assert(!lives(10) && create.ticks && end.ticks > create.ticks);
		ck_assert_uint_eq(create.symbol, function("open")->symbol);
		ck_assert_uint_eq(end.symbol, function("close")->symbol);
		ck_assert(create.stack && end.stack && create.tid == end.tid);
	}
	ck_assert_uint_eq(freed, 3);
	check_counts(3, 3, 0);
	ck_assert_ptr_null(hg_frame_before(hg_context, NULL));
}
END_TEST

START_TEST(an_out_argument_is_read_as_ever)
{
	uint64_t out = 0;
	set_up(_i);
	result = 1;
	CALL("open_to", 0, (uint64_t)&out);
	check_way(_i);
	ck_assert_ptr_null(guard_of(NODE, 10));
	result = 0;
	CALL("open_to", 0, (uint64_t)&out);
	check_way(_i);
	ck_assert(lives(10));
	check_counts(1, 0, 0);
}
END_TEST

START_TEST(no_handle_is_none)
{
	set_up(_i);
	open_node(99);
	CALL("close", 99);
	ck_assert(!last_was_plain());
	ck_assert_uint_eq(freed, 1);
	check_counts(0, 0, 0);
}
END_TEST

START_TEST(a_second_free_is_turned_away)
{
	set_up(_i);
	open_node(10);
	CALL("close", 10);
	ck_assert_int_eq((int)CALL("close", 10), -7);
	ck_assert_uint_eq(freed, 1);
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, NULL), 1);
	check_counts(1, 1, 0);
}
END_TEST

START_TEST(what_was_never_created_is_adopted)
{
	set_up(_i);
	CALL("close", 10);
	ck_assert(!last_was_plain());
	check_counts(0, 1, 1);
}
END_TEST

START_TEST(a_live_value_that_is_handed_out_again_is_reborn)
{
	set_up(_i);
	open_node(10);
	open_node(10);
	ck_assert_uint_eq(findings_of(HG_KIND_REBORN, NULL), 1);
	check_counts(2, 1, 0);
}
END_TEST

START_TEST(a_free_that_fails_leaves_the_handle_alive)
{
	set_up(_i);
	open_node(10);
	result = 1;
	CALL("try_close", 10);
	check_way(_i);
	ck_assert(lives(10));
	check_counts(1, 0, 0);
	result = 0;
	CALL("try_close", 10);
	ck_assert(!lives(10));
	check_counts(1, 1, 0);
}
END_TEST

static void *touch(void *value)
{
	CALL("touch", (uint64_t)value);
	return NULL;
}

static void *close_it(void *value)
{
	CALL("close", (uint64_t)value);
	ck_assert(!last_was_plain());
	return NULL;
}

START_TEST(another_threads_handle_is_freed_with_a_look_around)
{
	set_up(_i);
	join(spawn(close_it, (void *)open_node(10)));
	join(spawn(touch, (void *)open_node(20)));
	CALL("close", 20);
	ck_assert(!last_was_plain());
	check_counts(2, 2, 0);
}
END_TEST

/* --- calls inside each other --- */

static void make_another(uint64_t value)
{
	result = value + 1;
	CALL("open", 0);
	ck_assert(!last_was_plain());
	CALL("close", value + 1);
	ck_assert(!last_was_plain());
	result = 0;
}

START_TEST(inside_another_call_none_is_plain)
{
	set_up(_i);
	open_node(10);
	inside = make_another;
	CALL("close", 10);
	check_way(_i);
	check_counts(2, 2, 0);
}
END_TEST

static void use_early(uint64_t value)
{
	CALL("touch", value);
	result = value;
}

/* Here nobody can see that it is the same handle: the real function stands in no library. */
START_TEST(a_value_that_a_create_calls_back_with_is_met_before)
{
	set_up(_i);
	inside = use_early;
	open_node(10);
	ck_assert(lives(10));
	ck_assert_uint_eq(counted(NODE, HG_CLASS_CREATED), 1);
	ck_assert_uint_eq(counted(NODE, HG_CLASS_ADOPTED), 1);
	ck_assert_uint_eq(counted(NODE, HG_CLASS_FREED), 1);
}
END_TEST

static void use_late(uint64_t value)
{
	CALL("touch", value);
	ck_assert_int_eq(last_action(), HG_CALL);
}

START_TEST(inside_its_real_free_a_handle_can_be_used)
{
	set_up(_i);
	open_node(10);
	inside = use_late;
	CALL("close", 10);
	ck_assert_uint_eq(findings_counted(HG_KIND_LATE_OP), 0);
	check_counts(1, 1, 0);
}
END_TEST

/* --- forks --- */

static pid_t child;

static void fork_here(uint64_t value)
{
	(void)value;
	child = fork();
}

/* The child ends, once it has left what it was in. */
static void check_child(void)
{
	int status;
	if (!child)
		_exit(hg_context && hg_frame_before(hg_context, NULL));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

START_TEST(a_fork_inside_a_call_ends_it_in_both)
{
	set_up(_i);
	inside = fork_here;
	open_node(10);
	check_child();
	ck_assert(lives(10));
	inside = fork_here;
	CALL("close", 10);
	check_child();
	ck_assert(!lives(10));
	ck_assert_ptr_null(hg_frame_before(hg_context, NULL));
}
END_TEST

START_TEST(a_forked_child_asks_whose_a_handle_is)
{
	set_up(_i);
	result = 5;
	CALL("token_new", 0);
	check_way(_i);
	fork_here(0);
	if (!child) {
		CALL("token_close", 5);
		ck_assert_int_eq(last_action(), HG_REJECTED);
	}
	check_child();
	CALL("token_close", 5);
	check_way(_i);
}
END_TEST

int main(void)
{
	return RUN_BOTH_SUITE(
	    "shim: plain calls", a_life_has_its_beginning_and_its_end, an_out_argument_is_read_as_ever,
	    no_handle_is_none, a_second_free_is_turned_away, what_was_never_created_is_adopted,
	    a_live_value_that_is_handed_out_again_is_reborn, a_free_that_fails_leaves_the_handle_alive,
	    another_threads_handle_is_freed_with_a_look_around, inside_another_call_none_is_plain,
	    a_value_that_a_create_calls_back_with_is_met_before, inside_its_real_free_a_handle_can_be_used,
	    a_fork_inside_a_call_ends_it_in_both, a_forked_child_asks_whose_a_handle_is);
}
