/* The runtime's own stacks: one for each that is in use, and used again. */
#include "arch/work_stack.h"
#include "base/options.h"
#include "harness.h"

enum { THREADS = 4, ROUNDS = 20000, KEPT = 100 };

START_TEST(who_takes_one_has_it_alone)
{
	hg_work_stack_spare();
	uintptr_t ends[KEPT];
	for (int i = 0; i < KEPT; i++) {
		ends[i] = hg_work_stack_take();
		ck_assert_uint_ne(ends[i], 0);
		ck_assert_uint_eq(ends[i] % 64, 0);
		for (int j = 0; j < i; j++)
			ck_assert(ends[i] - ends[j] > 64 << 10 && ends[j] - ends[i] > 64 << 10);
		memset((char *)ends[i] - (64 << 10), -1, 64 << 10);
	}
	for (int i = KEPT; i-- > 0;)
		hg_work_stack_give(ends[i]);
}
END_TEST

START_TEST(one_that_is_given_back_is_used_again)
{
	hg_work_stack_spare();
	uintptr_t first = hg_work_stack_take();
	hg_work_stack_give(first);
	for (int i = 0; i < 3 * 4096; i++) {
		uintptr_t end = hg_work_stack_take();
		ck_assert_uint_eq(end, first);
		hg_work_stack_give(end);
	}
}
END_TEST

START_TEST(one_is_ready_for_whoever_comes_next)
{
	ck_assert_uint_eq(hg_work_stack_take_ready(), 0);
	hg_work_stack_spare();
	hg_work_stack_spare();
	ck_assert_uint_ne(hg_work_stack_take_ready(), 0);
	ck_assert_uint_eq(hg_work_stack_take_ready(), 0);
}
END_TEST

START_TEST(a_program_that_is_to_be_ended_keeps_its_own)
{
	hg_work_stack_spare();
	hg_options.mode = HG_MODE_ABORT;
	ck_assert_uint_eq(hg_work_stack_take(), 0);
}
END_TEST

START_TEST(what_finds_no_room_is_counted)
{
	hg_work_stack_spare();
	uint64_t before = hg_counters[HG_COUNTER_WORK_STACKS];
	for (int i = 0; i < 4096; i++)
		ck_assert_uint_ne(hg_work_stack_take(), 0);
	ck_assert_uint_eq(hg_work_stack_take(), 0);
	ck_assert_uint_eq(hg_counters[HG_COUNTER_WORK_STACKS], before + 1);
}
END_TEST

/* Two that have the same stack find the other's mark. */
static void *take_and_give(void *mark)
{
	for (int i = 0; i < ROUNDS; i++) {
		uintptr_t end = hg_work_stack_take();
		_Atomic(void *) *place = (_Atomic(void *) *)(end - sizeof mark);
		atomic_store(place, mark);
		for (int j = 0; j < 10; j++)
			if (atomic_load(place) != mark)
				return mark;
		hg_work_stack_give(end);
	}
	return NULL;
}

START_TEST(threads_never_have_the_same)
{
	pthread_t threads[THREADS];
	hg_work_stack_spare();
	for (int i = 0; i < THREADS; i++)
		threads[i] = spawn(take_and_give, &threads[i]);
	for (int i = 0; i < THREADS; i++)
		ck_assert_ptr_null(join(threads[i]));
}
END_TEST

/* As a program built with a sanitizer does. */
START_TEST(a_program_that_is_watched_keeps_its_own)
{
	hg_work_stack_spare();
	ck_assert_uint_eq(hg_work_stack_take(), 0);
	ck_assert_uint_eq(hg_work_stack_take_ready(), 0);
}
END_TEST

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { WATCHED = true };
#else
enum { WATCHED = false };
#endif

int main(void)
{
	if (WATCHED)
		return RUN_SUITE("work_stack", a_program_that_is_watched_keeps_its_own);
	return RUN_SUITE("work_stack", who_takes_one_has_it_alone, one_that_is_given_back_is_used_again,
	                 one_is_ready_for_whoever_comes_next, a_program_that_is_to_be_ended_keeps_its_own,
	                 what_finds_no_room_is_counted, threads_never_have_the_same);
}
