/* Each distinct stack once, also when threads come with the same one at once. */
#include "harness.h"
#include "stack/depot.h"

enum { STACKS = 2000, DEPTH = 12, WORKERS = 4 };

static void fill(uint64_t *pc, uint64_t number)
{
	for (uint64_t i = 0; i < DEPTH; i++)
		pc[i] = 0x400000 + number * (i + 1);
}

static uint32_t put_c(const uint64_t *pc, unsigned depth)
{
	return hg_depot_put(&(struct hg_stack){.pc = pc, .depth = depth});
}

START_TEST(number_zero_is_no_stack)
{
	struct hg_stack none = hg_depot_get(0);
	ck_assert_ptr_null(none.pc);
	ck_assert_uint_eq(none.depth, 0);
	ck_assert_uint_eq(none.told_count, 0);
}
END_TEST

START_TEST(what_is_put_is_got)
{
	uint32_t numbers[STACKS];
	uint64_t pc[DEPTH];
	for (uint64_t i = 0; i < STACKS; i++) {
		fill(pc, i);
		numbers[i] = put_c(pc, 1 + (unsigned)i % DEPTH);
		ck_assert_uint_ne(numbers[i], 0);
	}
	for (uint64_t i = 0; i < STACKS; i++) {
		struct hg_stack kept = hg_depot_get(numbers[i]);
		fill(pc, i);
		ck_assert_uint_eq(kept.depth, 1 + i % DEPTH);
		ck_assert_mem_eq(kept.pc, pc, kept.depth * sizeof *pc);
		ck_assert_uint_eq(hg_depot_put(&kept), numbers[i]);
	}
}
END_TEST

START_TEST(depth_tells_stacks_apart)
{
	uint64_t pc[DEPTH] = {0};
	ck_assert_uint_ne(put_c(pc, 1), put_c(pc, 2));
	ck_assert_uint_eq(put_c(pc, 0), put_c(pc, 0));
}
END_TEST

START_TEST(frames_of_the_user_tell_stacks_apart)
{
	uint64_t pc[DEPTH] = {0x1111, 0x2222};
	uint32_t told[] = {7, 8, 9};
	struct hg_stack stack = {.pc = pc, .depth = 2, .told = told, .told_count = 3};
	uint32_t number = hg_depot_put(&stack);
	struct hg_stack kept = hg_depot_get(number);
	ck_assert_uint_eq(kept.told_count, 3);
	ck_assert_mem_eq(kept.told, told, sizeof told);
	ck_assert_uint_eq(hg_depot_put(&kept), number);
	told[2] = 10;
	ck_assert_uint_ne(hg_depot_put(&stack), number);
	ck_assert_uint_ne(put_c(pc, 2), number);
}
END_TEST

static pthread_barrier_t together;
static uint32_t put[WORKERS][STACKS];

static void *put_all(void *argument)
{
	uint64_t worker = (uint64_t)argument, pc[DEPTH];
	for (uint64_t i = 0; i < STACKS; i++) {
		if (i % 50 == 0)
			pthread_barrier_wait(&together);
		fill(pc, i);
		put[worker][i] = put_c(pc, DEPTH);
	}
	return NULL;
}

START_TEST(threads_with_the_same_stack_get_one_number)
{
	pthread_t threads[WORKERS];
	pthread_barrier_init(&together, NULL, WORKERS);
	for (uint64_t i = 0; i < WORKERS; i++)
		threads[i] = spawn(put_all, (void *)i);
	for (int i = 0; i < WORKERS; i++)
		join(threads[i]);
	for (int i = 0; i < STACKS; i++)
		for (int worker = 1; worker < WORKERS; worker++)
			ck_assert_uint_eq(put[worker][i], put[0][i]);
}
END_TEST

START_TEST(a_full_depot_says_so)
{
	uint64_t pc[HG_STACK_MAX] = {0};
	uint32_t number = 1;
	for (pc[0] = 0; number; pc[0]++)
		number = put_c(pc, HG_STACK_MAX);
	ck_assert_uint_gt(pc[0], 50000);
	ck_assert_uint_eq(counter(HG_COUNTER_STACKS_FULL), 1);
	pc[0] = 5;
	ck_assert_uint_ne(put_c(pc, HG_STACK_MAX), 0);
}
END_TEST

int main(void)
{
	return RUN_SUITE("depot", number_zero_is_no_stack, what_is_put_is_got, depth_tells_stacks_apart,
	                 frames_of_the_user_tell_stacks_apart, threads_with_the_same_stack_get_one_number,
	                 a_full_depot_says_so);
}
