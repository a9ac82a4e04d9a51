/* A free that is left to the last op: when it is made its caller is gone, and with it the variables that arguments
 * pointed to. What the real free finds instead is memory of the runtime's, zeroed. */
#include <string.h>

#include "guarded.h"

#define MANIFEST                                                                                                       \
	"classes:\n"                                                                                                   \
	"  node: {reject: -7, drain: defer, deadline_ms: 20}\n"                                                        \
	"functions:\n"                                                                                                 \
	"  call: {op: {node: 0}}\n"                                                                                    \
	"  close: {free: {node: 0}, deferred: 5, zero: [{arg: 1, bytes: 4}, {arg: 2, count: 3, size: 8}]}\n"           \
	"  close_at: {free: {node: \"*0\"}, deferred: 5}\n"                                                            \
	"  close_struct: {free: {node: {struct: 0, offset: 8}}, deferred: 5}\n"

/* What the real free was given. */
static struct {
	unsigned calls;
	uint64_t arguments[ARGUMENTS];
	uint64_t handle, first, array[3]; /* what they pointed to */
} given;

static uint64_t close_real(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	memcpy(given.arguments, (uint64_t[]){a, b, c, d, e, f}, sizeof given.arguments);
	given.calls++;
	given.first = b ? *(const uint32_t *)b : UINT64_MAX;
	if (c)
		memcpy(given.array, (const void *)c, (size_t)d * 8);
	if (b)
		*(uint32_t *)b = 1;
	if (c)
		memset((void *)c, 1, (size_t)d * 8);
	return 0;
}

static uint64_t close_at_real(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	memcpy(given.arguments, (uint64_t[]){a, b, c, d, e, f}, sizeof given.arguments);
	given.calls++;
	given.handle = *(const uint64_t *)a;
	*(uint64_t *)a = 0;
	return 0;
}

static uint64_t call_real(uint64_t a, uint64_t callback, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)c, (void)d, (void)e, (void)f;
	((void (*)(uint64_t))callback)(a);
	ck_assert_uint_eq(given.calls, 0);
	return 1;
}

static void set_up(void)
{
	start_guarded(MANIFEST);
	bind_function("call", call_real);
	bind_function("close", close_real);
	bind_function("close_at", close_at_real);
	bind_function("close_struct", close_at_real);
}

static uint32_t first;
static uint64_t array[3], variable, holder[2];

/* What the caller gets at once: zeroed out-arguments. */
static void close_it(uint64_t node)
{
	first = 77;
	memset(array, 0x5a, sizeof array);
	ck_assert_uint_eq(CALL("close", node, (uint64_t)&first, (uint64_t)array, 3), 5);
	ck_assert_uint_eq(first, 0);
	ck_assert_uint_eq(array[0] | array[1] | array[2], 0);
	first = 78;
	array[2] = 79;
}

START_TEST(out_arguments_are_the_runtimes)
{
	set_up();
	CALL("call", 10, (uint64_t)close_it);
	ck_assert_uint_eq(given.calls, 1);
	ck_assert_uint_eq(given.arguments[0], 10);
	ck_assert_uint_eq(given.arguments[3], 3);
	ck_assert_uint_ne(given.arguments[1], (uint64_t)&first);
	ck_assert_uint_ne(given.arguments[2], (uint64_t)array);
	ck_assert_uint_ge(given.arguments[2] - given.arguments[1], sizeof first);
	ck_assert_uint_eq(given.first | given.array[0] | given.array[1] | given.array[2], 0);
	ck_assert_uint_eq(first, 78);
	ck_assert_uint_eq(array[2], 79);
}
END_TEST

static void close_without(uint64_t node)
{
	ck_assert_uint_eq(CALL("close", node, 0, 0, 3), 5);
}

START_TEST(null_stays_null)
{
	set_up();
	CALL("call", 10, (uint64_t)close_without);
	ck_assert_uint_eq(given.calls, 1);
	ck_assert_uint_eq(given.arguments[1] | given.arguments[2], 0);
}
END_TEST

static void close_by_address(uint64_t node)
{
	variable = node;
	ck_assert_uint_eq(CALL("close_at", (uint64_t)&variable), 5);
	variable = 99;
}

START_TEST(the_variable_that_held_the_handle_is_the_runtimes)
{
	set_up();
	CALL("call", 10, (uint64_t)close_by_address);
	ck_assert_uint_eq(given.calls, 1);
	ck_assert_uint_ne(given.arguments[0], (uint64_t)&variable);
	ck_assert_uint_eq(given.handle, 10);
	ck_assert_uint_eq(variable, 99);
}
END_TEST

/* Nobody says how long it is: the free is not made at all. */
static void close_by_struct(uint64_t node)
{
	holder[1] = node;
	ck_assert_int_eq((int)CALL("close_struct", (uint64_t)holder), -7);
}

START_TEST(a_struct_that_holds_the_handle_cannot_be_kept)
{
	set_up();
	CALL("call", 10, (uint64_t)close_by_struct);
	ck_assert_uint_eq(given.calls, 0);
	ck_assert_uint_eq(counted(0, HG_CLASS_LEAKED), 1);
}
END_TEST

/* More than is kept for one call. */
static void close_with_much(uint64_t node)
{
	static uint64_t much[10000];
	ck_assert_int_eq((int)CALL("close", node, (uint64_t)&first, (uint64_t)much, 10000), -7);
}

START_TEST(too_much_cannot_be_kept)
{
	set_up();
	CALL("call", 10, (uint64_t)close_with_much);
	ck_assert_uint_eq(given.calls, 0);
	ck_assert_uint_eq(counted(0, HG_CLASS_LEAKED), 1);
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: scratch arguments", out_arguments_are_the_runtimes, null_stays_null,
	                 the_variable_that_held_the_handle_is_the_runtimes,
	                 a_struct_that_holds_the_handle_cannot_be_kept, too_much_cannot_be_kept);
}
