/* Creates: what a call hands out begins a life, whose child it is, and what is known of it before the call returns. */
#include "guarded.h"
#include "protocol/family.h"
#include "protocol/life.h"

#define MANIFEST                                                                                                       \
	"classes:\n"                                                                                                   \
	"  node: {none: [0, 99], reject: -7}\n"                                                                        \
	"  fd: {type: int32, none: [-1], reject: -7}\n"                                                                \
	"  bud: {reject: -7}\n"                                                                                        \
	"  token: {closed: true, reject: -7}\n"                                                                        \
	"functions:\n"                                                                                                 \
	"  open: {create: node}\n"                                                                                     \
	"  open_to: {create: node, from: \"*1\", when: \"== 0\"}\n"                                                    \
	"  open_fd: {create: fd, returns: int}\n"                                                                      \
	"  split: {free: {node: 0}, create: [{class: node, from: \"*1\"}, {class: node, from: \"*2\"}]}\n"             \
	"  touch: {op: {node: 0}}\n"                                                                                   \
	"  close: {free: {node: 0}}\n"                                                                                 \
	"  sprout: {op: {node: 0}, create: bud, parent: {node: 0}, reject: null}\n"                                    \
	"  bud_touch: {op: {bud: 0}}\n"                                                                                \
	"  token_new: {create: token}\n"                                                                               \
	"  token_touch: {op: {token: 0}}\n"
enum { NODE, FD, BUD, TOKEN };

/* What the next real function returns, and stores where it is told to. */
static uint64_t result, stored[2];

static uint64_t give(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
	return result;
}

static uint64_t store(uint64_t a, uint64_t first, uint64_t second, uint64_t d, uint64_t e, uint64_t f)
{
	(void)a, (void)d, (void)e, (void)f;
	if (first)
		*(uint64_t *)first = stored[0];
	if (second)
		*(uint64_t *)second = stored[1];
	return result;
}

static void set_up(void)
{
	static const char *const names[] = {"open",   "open_fd",   "touch",     "close",
	                                    "sprout", "bud_touch", "token_new", "token_touch"};
	start_guarded(MANIFEST);
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		bind_function(names[i], give);
	bind_function("open_to", store);
	bind_function("split", store);
}

static uint64_t created(unsigned class)
{
	return counted(class, HG_CLASS_CREATED);
}

static bool lives(unsigned class, uint64_t value)
{
	const struct hg_guard *guard = guard_of(class, value);
	return guard && hg_guard_lives(guard);
}

START_TEST(a_result_begins_a_life)
{
	set_up();
	result = 10;
	ck_assert_uint_eq(CALL("open", 0), 10);
	ck_assert(lives(NODE, 10));
	CALL("touch", 10);
	ck_assert_uint_eq(created(NODE), 1);
	ck_assert_uint_eq(counted(NODE, HG_CLASS_ADOPTED), 0);
}
END_TEST

START_TEST(a_result_that_names_none_begins_nothing)
{
	set_up();
	CALL("open", 0);
	result = 99;
	CALL("open", 0);
	ck_assert_uint_eq(created(NODE), 0);
	ck_assert_ptr_null(guard_of(NODE, 99));
}
END_TEST

/* The upper half of the register is whatever is left there. */
START_TEST(a_narrow_result_is_compared_as_what_it_is)
{
	set_up();
	result = UINT64_C(0x12345678ffffffff);
	CALL("open_fd", 0);
	ck_assert_uint_eq(created(FD), 0);
	result = UINT64_C(0x1234567800000003);
	CALL("open_fd", 0);
	ck_assert(lives(FD, 3));
}
END_TEST

START_TEST(an_out_argument_counts_if_the_call_succeeded)
{
	uint64_t out = 0;
	set_up();
	stored[0] = 10;
	result = (uint64_t)-1;
	CALL("open_to", 0, (uint64_t)&out);
	ck_assert_ptr_null(guard_of(NODE, 10));
	result = UINT64_C(0x5500000000); /* an int: the upper half is whatever is left there */
	CALL("open_to", 0, (uint64_t)&out);
	ck_assert(lives(NODE, 10));
	CALL("open_to", 0, 0); /* nowhere to store it */
	ck_assert_uint_eq(created(NODE), 1);
}
END_TEST

START_TEST(one_handle_becomes_two)
{
	uint64_t out[2];
	set_up();
	result = 10;
	CALL("open", 0);
	stored[0] = 20;
	stored[1] = 30;
	CALL("split", 10, (uint64_t)&out[0], (uint64_t)&out[1]);
	ck_assert(!lives(NODE, 10) && lives(NODE, 20) && lives(NODE, 30));
	ck_assert_int_eq((int)CALL("touch", 10), -7);
}
END_TEST

START_TEST(a_value_that_comes_again_is_another_life)
{
	set_up();
	result = 10;
	CALL("open", 0);
	uint32_t first = generation(guard_of(NODE, 10));
	CALL("close", 10);
	CALL("open", 0);
	ck_assert_uint_eq(generation(guard_of(NODE, 10)), first + 1);
	ck_assert_uint_eq(CALL("touch", 10), 10);
	ck_assert_uint_eq(findings_of(HG_KIND_REBORN, NULL), 0);
	ck_assert_uint_eq(created(NODE), 2);
}
END_TEST

START_TEST(a_value_that_comes_again_while_it_lives_is_told)
{
	set_up();
	result = 10;
	CALL("open", 0);
	CALL("open", 0);
	ck_assert_uint_eq(findings_of(HG_KIND_REBORN, NULL), 1);
	ck_assert_uint_eq(counted(NODE, HG_CLASS_FREED), 1);
}
END_TEST

START_TEST(a_child_knows_what_it_is_made_from)
{
	set_up();
	result = 10;
	CALL("open", 0);
	result = 50;
	CALL("sprout", 10);
	ck_assert_ptr_eq(hg_family_parent(guard_of(BUD, 50)), guard_of(NODE, 10));
}
END_TEST

START_TEST(a_create_from_a_dead_handle_is_rejected)
{
	set_up();
	result = 10;
	CALL("open", 0);
	CALL("close", 10);
	result = 50;
	ck_assert_uint_eq(CALL("sprout", 10), 0);
	ck_assert_ptr_null(guard_of(BUD, 50));
}
END_TEST

START_TEST(a_stranger_of_a_closed_class_is_told_once)
{
	set_up();
	CALL("token_touch", 60);
	CALL("token_touch", 60);
	result = 61;
	CALL("token_new", 0);
	CALL("token_touch", 61);
	ck_assert_uint_eq(findings_of(HG_KIND_STRAY, NULL), 1);
}
END_TEST

/* --- before the create returns --- */

/* The value named a handle that is dead; the new one is used before the call returns. */
static uint64_t store_and_use(uint64_t a, uint64_t first, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)a, (void)c, (void)d, (void)e, (void)f;
	*(uint64_t *)first = 10;
	ck_assert_uint_eq(CALL("touch", 10), result);
	return 0;
}

START_TEST(what_a_create_has_stored_can_be_used_before_it_returns)
{
	uint64_t out = 0;
	start_guarded(MANIFEST);
	bind_function("touch", give);
	bind_function("close", give);
	bind_function("open_to", store_and_use);
	CALL("touch", 10);
	CALL("close", 10);
	ck_assert_uint_eq(CALL("open_to", 0, (uint64_t)&out), 0);
	ck_assert(lives(NODE, 10));
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 0);
	CALL("close", 10);
	ck_assert_int_eq((int)CALL("touch", 10), -7);
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: creates", a_result_begins_a_life, a_result_that_names_none_begins_nothing,
	                 a_narrow_result_is_compared_as_what_it_is, an_out_argument_counts_if_the_call_succeeded,
	                 one_handle_becomes_two, a_value_that_comes_again_is_another_life,
	                 a_value_that_comes_again_while_it_lives_is_told, a_child_knows_what_it_is_made_from,
	                 a_create_from_a_dead_handle_is_rejected, a_stranger_of_a_closed_class_is_told_once,
	                 what_a_create_has_stored_can_be_used_before_it_returns);
}
