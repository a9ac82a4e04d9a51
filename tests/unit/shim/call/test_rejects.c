/* What a rejected call gets: a result of every type, errno, and nothing stale where it looks for more. */
#include <errno.h>
#include <string.h>

#include "guarded.h"

#define MANIFEST                                                                                                       \
	"classes:\n"                                                                                                   \
	"  node: {reject: -EPIPE}\n"                                                                                   \
	"functions:\n"                                                                                                 \
	"  close: {free: {node: 0}}\n"                                                                                 \
	"  of_class: {op: {node: 0}}\n"                                                                                \
	"  level: {op: {node: 0}, returns: uint8, reject: 200}\n"                                                      \
	"  name: {op: {node: 0}, returns: pointer, reject: null}\n"                                                    \
	"  text: {op: {node: 0}, returns: pointer, reject: {text: \"gone\"}}\n"                                        \
	"  ratio: {op: {node: 0}, returns: double, reject: -1.5}\n"                                                    \
	"  scale: {op: {node: 0}, returns: float, reject: 0.125}\n"                                                    \
	"  send: {op: {node: 0}, reject: {value: -1, errno: EBADF}}\n"                                                 \
	"  reset: {op: {node: 0}, returns: void}\n"                                                                    \
	"  triple: {op: {node: 0}, sret: 24}\n"                                                                        \
	"  read: {op: {node: 0}, zero: [{arg: 1, bytes: 8}, {arg: 2, bytes: 4}]}\n"                                    \
	"  list: {op: {node: 0}, zero: [{arg: 1, count: 2, size: 8}]}\n"

enum { MARK = 0x5a };

static uint64_t give(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
	return 1;
}

/* The handle 10 is dead. */
static void set_up(void)
{
	static const char *const names[] = {"close", "of_class", "level", "name",   "text", "ratio",
	                                    "scale", "send",     "reset", "triple", "read", "list"};
	start_guarded(MANIFEST);
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		bind_function(names[i], give);
	CALL("close", 10);
	errno = 0;
}

START_TEST(results_are_of_the_functions_type)
{
	set_up();
	uint64_t ratio = CALL("ratio", 10);
	uint32_t scale = (uint32_t)CALL("scale", 10);
	double as_double;
	float as_float;
	memcpy(&as_double, &ratio, sizeof ratio);
	memcpy(&as_float, &scale, sizeof scale);
	ck_assert_int_eq((int)CALL("of_class", 10), -EPIPE);
	ck_assert_uint_eq((uint8_t)CALL("level", 10), 200);
	ck_assert_uint_eq(CALL("name", 10), 0);
	ck_assert_str_eq((const char *)CALL("text", 10), "gone");
	ck_assert(as_double == -1.5);
	ck_assert(as_float == 0.125f);
	ck_assert_int_eq(errno, 0);
}
END_TEST

START_TEST(errno_is_set_where_the_manifest_says_so)
{
	set_up();
	ck_assert_int_eq((int)CALL("send", 10), -1);
	ck_assert_int_eq(errno, EBADF);
	errno = ENOENT;
	CALL("of_class", 10);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

/* What a caller finds in the register of a result that there is not is as harmless as its first argument. */
START_TEST(nothing_is_returned_by_what_returns_nothing)
{
	set_up();
	ck_assert_uint_eq(CALL("reset", 10), 10);
}
END_TEST

/* The hidden first argument is the struct's address, the handle the second. */
START_TEST(a_struct_in_memory_is_zeroed_and_its_address_returned)
{
	unsigned char memory[32];
	set_up();
	memset(memory, MARK, sizeof memory);
	ck_assert_uint_eq(CALL("triple", (uint64_t)memory, 10), (uint64_t)memory);
	ck_assert_int_eq(last_action(), HG_REJECTED);
	for (unsigned i = 0; i < sizeof memory; i++)
		ck_assert_uint_eq(memory[i], i < 24 ? 0 : MARK);
}
END_TEST

START_TEST(out_arguments_are_zeroed_and_no_more)
{
	unsigned char first[16], second[16];
	set_up();
	memset(first, MARK, sizeof first);
	memset(second, MARK, sizeof second);
	CALL("read", 10, (uint64_t)first, (uint64_t)second);
	for (unsigned i = 0; i < 16; i++) {
		ck_assert_uint_eq(first[i], i < 8 ? 0 : MARK);
		ck_assert_uint_eq(second[i], i < 4 ? 0 : MARK);
	}
	CALL("read", 10, 0, 0);
	ck_assert_int_eq(last_action(), HG_REJECTED);
}
END_TEST

START_TEST(an_array_is_zeroed_as_far_as_its_caller_says)
{
	uint64_t list[4];
	set_up();
	memset(list, MARK, sizeof list);
	CALL("list", 10, (uint64_t)list, UINT64_C(0xffffffff80000000)); /* no count: negative */
	CALL("list", 10, (uint64_t)list, 0);
	ck_assert_uint_ne(list[0], 0);
	CALL("list", 10, (uint64_t)list, UINT64_C(0x7700000003));
	ck_assert_uint_eq(list[0] | list[1] | list[2], 0);
	ck_assert_uint_ne(list[3], 0);
	ck_assert_uint_eq(counter(HG_COUNTER_ZERO_CUT), 0);
}
END_TEST

START_TEST(a_call_that_is_made_keeps_everything)
{
	unsigned char memory[16];
	set_up();
	memset(memory, MARK, sizeof memory);
	errno = ENOENT;
	ck_assert_uint_eq(CALL("read", 20, (uint64_t)memory, (uint64_t)memory), 1);
	ck_assert_uint_eq(CALL("send", 20), 1);
	for (unsigned i = 0; i < 16; i++)
		ck_assert_uint_eq(memory[i], MARK);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: rejects", results_are_of_the_functions_type, errno_is_set_where_the_manifest_says_so,
	                 nothing_is_returned_by_what_returns_nothing,
	                 a_struct_in_memory_is_zeroed_and_its_address_returned, out_arguments_are_zeroed_and_no_more,
	                 an_array_is_zeroed_as_far_as_its_caller_says, a_call_that_is_made_keeps_everything);
}
