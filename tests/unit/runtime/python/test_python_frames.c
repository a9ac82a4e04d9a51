/* Chains of frames that cannot be, as of a thread that ran while it was walked: laid out as 3.12 does. */
#include <string.h>

#include "harness.h"
#include "python/python_read.h"

enum { CHAIN = 2 * HG_PYTHON_FRAMES, OF_THREAD = 0, OF_INTERPRETER = 3, OWNER = 70 };

/* As long as any is read. */
struct frame {
	uintptr_t code, back;
	char rest[96];
};

static struct hg_python python;
static struct hg_peek peek;
static struct hg_python_frames found;
static uint64_t below; /* which part of the stack is further in */
static uintptr_t type, code[2] = {0, (uintptr_t)&type}, no_code[2];
static struct frame frames[CHAIN];
static uintptr_t cframes[2][2], state[8]; /* each: its innermost frame, and the one further out */

static void chain(unsigned length)
{
	memset(frames, 0, sizeof frames);
	for (unsigned i = 0; i < length; i++) {
		frames[i].code = (uintptr_t)code;
		frames[i].back = i + 1 < length ? (uintptr_t)&frames[i + 1] : 0;
	}
	cframes[0][0] = (uintptr_t)frames;
	state[7] = (uintptr_t)cframes[0];
	below = 0;
}

static bool walk(void)
{
	ck_assert(hg_python_layout_of(0x030c01f0, NULL, &python.layout));
	python.code_type = (uintptr_t)&type;
	hg_peek_begin(&peek, false);
	return hg_python_chain(&python, &peek, (uintptr_t)state, below, &found);
}

START_TEST(a_chain_that_holds_together)
{
	chain(5);
	((char *)&frames[2])[OWNER] = OF_INTERPRETER;
	ck_assert(walk());
	ck_assert_uint_eq(found.count, 4);
	ck_assert(!found.cut);
	for (unsigned i = 0; i < found.count; i++)
		ck_assert_int_eq(found.list[i].from_c, i == 1);
}
END_TEST

START_TEST(a_chain_longer_than_is_told)
{
	chain(CHAIN);
	ck_assert(walk());
	ck_assert_uint_eq(found.count, HG_PYTHON_FRAMES);
	ck_assert(found.cut);
}
END_TEST

START_TEST(calls_further_in_are_passed_over)
{
	chain(5);
	cframes[0][1] = (uintptr_t)cframes[1];
	cframes[1][0] = (uintptr_t)&frames[3];
	below = (uintptr_t)cframes[1];
	ck_assert(walk());
	ck_assert_uint_eq(found.count, 2);
	ck_assert_uint_eq(found.list[0].at, (uintptr_t)&frames[3]);
}
END_TEST

START_TEST(no_chain_at_all)
{
	chain(1);
	cframes[0][0] = 0;
	ck_assert(walk());
	ck_assert_uint_eq(found.count, 0);
}
END_TEST

START_TEST(a_chain_that_leads_back_into_itself)
{
	chain(5);
	frames[4].back = (uintptr_t)&frames[2];
	ck_assert(!walk());
}
END_TEST

START_TEST(a_circle_of_the_interpreters_own_frames)
{
	chain(2);
	((char *)&frames[1])[OWNER] = OF_INTERPRETER;
	frames[1].back = (uintptr_t)&frames[1];
	ck_assert(!walk());
}
END_TEST

START_TEST(a_chain_that_leads_nowhere)
{
	chain(3);
	frames[1].back = 0x10000;
	ck_assert(!walk());
}
END_TEST

START_TEST(a_frame_that_runs_no_code)
{
	chain(3);
	frames[1].code = (uintptr_t)no_code;
	ck_assert(!walk());
	frames[1].code = 0x10000;
	ck_assert(!walk());
}
END_TEST

int main(void)
{
	return RUN_SUITE("python_frames", a_chain_that_holds_together, a_chain_longer_than_is_told,
	                 calls_further_in_are_passed_over, no_chain_at_all, a_chain_that_leads_back_into_itself,
	                 a_circle_of_the_interpreters_own_frames, a_chain_that_leads_nowhere,
	                 a_frame_that_runs_no_code);
}
