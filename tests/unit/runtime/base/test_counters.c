/* The table of give-up reasons: each has a name of its own and says what it means; and counting counts. */
#include <ctype.h>
#include <string.h>

#include "harness.h"

static const char *const names[] = {
#define HG_COUNTER(id, name, meaning) [HG_COUNTER_##id] = name,
#include "format/counters.def"
#undef HG_COUNTER
};

static const char *const meanings[] = {
#define HG_COUNTER(id, name, meaning) [HG_COUNTER_##id] = meaning,
#include "format/counters.def"
#undef HG_COUNTER
};

START_TEST(names_are_unique_and_plain)
{
	for (int i = 0; i < HG_COUNTER_COUNT; i++) {
		ck_assert(islower((unsigned char)names[i][0]));
		ck_assert_uint_eq(strspn(names[i], "abcdefghijklmnopqrstuvwxyz-"), strlen(names[i]));
		for (int other = 0; other < i; other++)
			ck_assert_str_ne(names[i], names[other]);
	}
}
END_TEST

START_TEST(meanings_are_sentences_of_their_own)
{
	for (int i = 0; i < HG_COUNTER_COUNT; i++) {
		ck_assert_uint_gt(strlen(meanings[i]), 15);
		for (int other = 0; other < i; other++)
			ck_assert_str_ne(meanings[i], meanings[other]);
	}
}
END_TEST

START_TEST(what_was_counted_before_the_start_is_recorded)
{
	hg_count(HG_COUNTER_UNRESOLVED);
	start();
	hg_count(HG_COUNTER_UNRESOLVED);
	ck_assert_uint_eq(read_back()->header->counters[HG_COUNTER_UNRESOLVED], 2);
}
END_TEST

static void *count_often(void *unused)
{
	for (int i = 0; i < 20000; i++)
		hg_count(HG_COUNTER_FORKS);
	return unused;
}

START_TEST(no_count_is_lost_among_threads)
{
	pthread_t threads[4];
	start();
	for (int i = 0; i < 4; i++)
		threads[i] = spawn(count_often, NULL);
	for (int i = 0; i < 4; i++)
		join(threads[i]);
	ck_assert_uint_eq(counter(HG_COUNTER_FORKS), 80000);
}
END_TEST

int main(void)
{
	return RUN_SUITE("counters", names_are_unique_and_plain, meanings_are_sentences_of_their_own,
	                 what_was_counted_before_the_start_is_recorded, no_count_is_lost_among_threads);
}
