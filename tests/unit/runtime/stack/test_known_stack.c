/* What a thread remembers of the stacks that it has captured: calls whose slots are the same do not drive each other
 * out in turns. */
#include "base/mix.h"
#include "harness.h"
#include "stack/depot.h"
#include "stack/stack.h"

static uint64_t stack[16];

static struct hg_frame call_from(uint64_t caller)
{
	return (struct hg_frame){.fp = (uint64_t)&stack[4], .caller = caller};
}

static uint64_t pair_of(const struct hg_frame *frame)
{
	return hg_mix(frame->caller, frame->fp * 31) >> (64 - HG_STACK_CACHE_BITS) & ~UINT64_C(1);
}

/* The first call of those that come to the same two slots, from that caller on. */
static struct hg_frame rival_of(const struct hg_frame *frame, uint64_t caller)
{
	struct hg_frame rival = call_from(caller);
	while (pair_of(&rival) != pair_of(frame))
		rival.caller++;
	return rival;
}

static bool is_remembered(const struct hg_context *context, const struct hg_frame *frame)
{
	for (unsigned i = 0; i < HG_STACK_CACHE_SIZE; i++)
		if (context->stacks[i].caller == frame->caller && context->stacks[i].fp == frame->fp)
			return true;
	return false;
}

START_TEST(two_calls_that_come_to_the_same_slots_are_both_remembered)
{
	struct hg_context *context = start();
	struct hg_frame first = call_from(0x1000), second = rival_of(&first, 0x2000);
	uint32_t number = hg_stack_here(context, &first);
	ck_assert_uint_ne(hg_stack_here(context, &second), number);
	ck_assert(is_remembered(context, &first) && is_remembered(context, &second));
	ck_assert_uint_eq(hg_stack_here(context, &first), number);
}
END_TEST

START_TEST(of_three_one_is_forgotten_and_known_again_when_it_comes_back)
{
	struct hg_context *context = start();
	struct hg_frame calls[3] = {call_from(0x1000)};
	calls[1] = rival_of(&calls[0], 0x2000);
	calls[2] = rival_of(&calls[0], 0x3000);
	uint32_t numbers[3];
	unsigned remembered = 0;
	for (unsigned i = 0; i < 3; i++)
		numbers[i] = hg_stack_here(context, &calls[i]);
	for (unsigned i = 0; i < 3; i++)
		remembered += is_remembered(context, &calls[i]);
	ck_assert_uint_eq(remembered, 2);
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_uint_eq(hg_stack_here(context, &calls[i]), numbers[i]);
		ck_assert(is_remembered(context, &calls[i]));
	}
}
END_TEST

/* The same call as before, but of another caller: that one's place is not lost with it. */
START_TEST(two_ways_to_one_call_are_both_remembered)
{
	struct hg_context *context = start();
	struct hg_frame call = call_from(0x1000);
	unsigned ways = 0;
	for (uint64_t caller_fp = 1; caller_fp <= 2; caller_fp++) {
		stack[4] = caller_fp;
		hg_stack_here(context, &call);
	}
	for (unsigned i = 0; i < HG_STACK_CACHE_SIZE; i++)
		ways += context->stacks[i].caller == call.caller;
	ck_assert_uint_eq(ways, 2);
}
END_TEST

static struct hg_known_stack *known_of(struct hg_context *context, const struct hg_frame *frame)
{
	for (unsigned i = 0; i < HG_STACK_CACHE_SIZE; i++)
		if (context->stacks[i].caller == frame->caller && context->stacks[i].fp == frame->fp)
			return &context->stacks[i];
	ck_abort_msg("it is not remembered");
}

/* As of a loop whose counter is in that register. */
START_TEST(where_the_callers_are_found_the_frame_pointer_may_be_any_number)
{
	struct hg_context *context = start();
	struct hg_frame call = call_from(0x1000);
	uint64_t pc[2] = {0x1000, 0x7777};
	hg_stack_here(context, &call);
	struct hg_known_stack *known = known_of(context, &call);
	known->stack = hg_depot_put(&(struct hg_stack){.pc = pc, .depth = 2});
	known->callers[0] = 1;
	known->callers_tell = true;
	stack[6] = 0x7777;
	stack[4] = 99;
	ck_assert_uint_eq(hg_stack_here(context, &call), known->stack);
	known->callers_tell = false;
	ck_assert_uint_ne(hg_stack_here(context, &call), known->stack);
}
END_TEST

int main(void)
{
	return RUN_SUITE("known_stack", two_calls_that_come_to_the_same_slots_are_both_remembered,
	                 of_three_one_is_forgotten_and_known_again_when_it_comes_back,
	                 two_ways_to_one_call_are_both_remembered,
	                 where_the_callers_are_found_the_frame_pointer_may_be_any_number);
}
