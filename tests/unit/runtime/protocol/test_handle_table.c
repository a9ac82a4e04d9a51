/* (class, value) -> guard: what was inserted is found, by whoever looks, and nothing else. */
#include "harness.h"

enum { MANY = 1000000, WORKERS = 4, SHARED_VALUES = 20000 };

static struct hg_class classes[WORKERS] = {{.index = 0}, {.index = 1}, {.index = 2}, {.index = 300}};

START_TEST(nothing_is_found_before_it_is_obtained)
{
	ck_assert_ptr_null(hg_table_find(&classes[0], 1));
	struct hg_guard *guard = hg_table_obtain(&classes[0], 1);
	ck_assert_ptr_nonnull(guard);
	ck_assert_uint_eq(guard->value, 1);
	ck_assert_ptr_eq(guard->class, &classes[0]);
	ck_assert_uint_eq(atomic_load(&guard->word), 0);
	ck_assert_ptr_eq(hg_table_find(&classes[0], 1), guard);
	ck_assert_ptr_eq(hg_table_obtain(&classes[0], 1), guard);
	ck_assert_ptr_null(hg_table_find(&classes[1], 1));
	ck_assert_ptr_null(hg_table_find(&classes[0], 2));
}
END_TEST

START_TEST(classes_are_apart)
{
	struct hg_guard *guards[WORKERS];
	for (int i = 0; i < WORKERS; i++)
		guards[i] = hg_table_obtain(&classes[i], 0x1000);
	for (int i = 0; i < WORKERS; i++) {
		ck_assert_ptr_eq(hg_table_find(&classes[i], 0x1000), guards[i]);
		for (int other = 0; other < i; other++)
			ck_assert_ptr_ne(guards[i], guards[other]);
	}
}
END_TEST

/* The hash of (class, value) is one function of value + index * odd: this pair agrees in every bit of it. */
START_TEST(classes_whose_hashes_are_the_same_part_by_index)
{
	uint64_t step = UINT64_C(0x9e3779b97f4a7c15);
	struct hg_guard *zero = hg_table_obtain(&classes[0], 5 * step);
	struct hg_guard *one = hg_table_obtain(&classes[1], 4 * step);
	struct hg_guard *two = hg_table_obtain(&classes[2], 3 * step);
	ck_assert_ptr_nonnull(zero);
	ck_assert_ptr_ne(zero, one);
	ck_assert_ptr_ne(one, two);
	ck_assert_ptr_eq(hg_table_find(&classes[0], 5 * step), zero);
	ck_assert_ptr_eq(hg_table_find(&classes[1], 4 * step), one);
	ck_assert_ptr_eq(hg_table_find(&classes[2], 3 * step), two);
}
END_TEST

static void count(struct hg_guard *guard, void *argument)
{
	uint64_t *sums = argument;
	sums[0]++;
	sums[1] += guard->value;
}

START_TEST(a_million_handles)
{
	uint64_t sums[2] = {0}, expected = 0;
	for (uint64_t i = 0; i < MANY; i++) {
		/* As addresses come from an allocator: equal low bits. */
		if (!hg_table_obtain(&classes[0], 0x7f0000000000 + i * 64))
			ck_abort_msg("no room for handle %llu", (unsigned long long)i);
		expected += 0x7f0000000000 + i * 64;
	}
	for (uint64_t i = 0; i < MANY; i++) {
		struct hg_guard *guard = hg_table_find(&classes[0], 0x7f0000000000 + i * 64);
		if (!guard || guard->value != 0x7f0000000000 + i * 64)
			ck_abort_msg("handle %llu is lost", (unsigned long long)i);
	}
	ck_assert_ptr_null(hg_table_find(&classes[0], 0x7f0000000000 + 1));
	hg_table_each(count, sums);
	ck_assert_uint_eq(sums[0], MANY);
	ck_assert_uint_eq(sums[1], expected);
}
END_TEST

static pthread_barrier_t together;
static struct hg_guard *_Atomic winners[SHARED_VALUES];

/* All insert the same values, each in another order; all must get the same guards. */
static void *insert_shared(void *argument)
{
	uint64_t worker = (uint64_t)argument, disagreements = 0;
	pthread_barrier_wait(&together);
	for (uint64_t i = 0; i < SHARED_VALUES; i++) {
		uint64_t value = worker % 2 ? SHARED_VALUES - 1 - i : i;
		struct hg_guard *mine = hg_table_obtain(&classes[0], value), *known = NULL;
		if (!atomic_compare_exchange_strong(&winners[value], &known, mine) && known != mine)
			disagreements++;
		disagreements += hg_table_find(&classes[0], value) != mine;
	}
	return (void *)disagreements;
}

static void *insert_own(void *argument)
{
	uint64_t worker = (uint64_t)argument, lost = 0;
	pthread_barrier_wait(&together);
	for (uint64_t i = 0; i < SHARED_VALUES; i++)
		lost += hg_table_obtain(&classes[worker], i) == NULL;
	for (uint64_t i = 0; i < SHARED_VALUES; i++)
		lost += hg_table_find(&classes[worker], i) != hg_table_obtain(&classes[worker], i);
	return (void *)lost;
}

static uint64_t in_threads(void *(*body)(void *))
{
	pthread_t threads[WORKERS];
	uint64_t wrong = 0;
	pthread_barrier_init(&together, NULL, WORKERS);
	for (uint64_t i = 0; i < WORKERS; i++)
		threads[i] = spawn(body, (void *)i);
	for (int i = 0; i < WORKERS; i++)
		wrong += (uint64_t)join(threads[i]);
	return wrong;
}

START_TEST(threads_that_insert_the_same_get_the_same)
{
	uint64_t sums[2] = {0};
	ck_assert_uint_eq(in_threads(insert_shared), 0);
	hg_table_each(count, sums);
	ck_assert_uint_eq(sums[0], SHARED_VALUES);
}
END_TEST

START_TEST(threads_that_insert_their_own_lose_nothing)
{
	uint64_t sums[2] = {0};
	ck_assert_uint_eq(in_threads(insert_own), 0);
	hg_table_each(count, sums);
	ck_assert_uint_eq(sums[0], WORKERS * SHARED_VALUES);
}
END_TEST

int main(void)
{
	return RUN_SUITE("handle_table", nothing_is_found_before_it_is_obtained, classes_are_apart,
	                 classes_whose_hashes_are_the_same_part_by_index, a_million_handles,
	                 threads_that_insert_the_same_get_the_same, threads_that_insert_their_own_lose_nothing);
}
