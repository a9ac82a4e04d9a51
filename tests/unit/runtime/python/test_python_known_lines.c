/* A line is known again for the same table, first line and place, and for no other. */
#include "harness.h"
#include "python/python_known_lines.h"

enum { SIZE = 77, FIRST = 12, AT = 34 };

static uint8_t table[SIZE];

static uint64_t key_of(uint64_t first, uint64_t at)
{
	return hg_python_line_key(table, SIZE, first, at);
}

static void check_unknown(uint64_t key)
{
	int line;
	ck_assert(!hg_python_line_find(key, &line));
}

START_TEST(what_was_kept_is_found_until_another_takes_its_place)
{
	int line;
	uint64_t key = key_of(FIRST, AT), other = key ^ UINT64_C(1) << 63;
	check_unknown(key);
	hg_python_line_keep(key, 0);
	ck_assert(hg_python_line_find(key, &line));
	ck_assert_int_eq(line, 0);
	hg_python_line_keep(key, 15);
	ck_assert(hg_python_line_find(key, &line));
	ck_assert_int_eq(line, 15);
	hg_python_line_keep(other, 16);
	check_unknown(key);
	ck_assert(hg_python_line_find(other, &line));
	ck_assert_int_eq(line, 16);
}
END_TEST

START_TEST(another_table_first_line_or_place_is_another_key)
{
	hg_python_line_keep(key_of(FIRST, AT), 15);
	check_unknown(key_of(FIRST + 1, AT));
	check_unknown(key_of(FIRST, AT + 2));
	check_unknown(hg_python_line_key(table, SIZE - 1, FIRST, AT));
	for (unsigned bit = 0; bit < 8 * SIZE; bit++) {
		table[bit / 8] ^= (uint8_t)(1 << bit % 8);
		check_unknown(key_of(FIRST, AT));
		table[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	int line;
	ck_assert(hg_python_line_find(key_of(FIRST, AT), &line));
}
END_TEST

/* The places that other functions' lines take are as good as random. */
START_TEST(keys_of_neighbours_are_spread)
{
	unsigned found = 0;
	int line;
	for (uint64_t at = 0; at < 1000; at++)
		hg_python_line_keep(key_of(FIRST, 2 * at), (int)at);
	for (uint64_t at = 0; at < 1000; at++)
		found += hg_python_line_find(key_of(FIRST, 2 * at), &line) && line == (int)at;
	ck_assert_uint_gt(found, 850);
}
END_TEST

START_TEST(a_line_too_large_to_keep_is_not_kept)
{
	hg_python_line_keep(key_of(FIRST, AT), 0xffffff);
	hg_python_line_keep(key_of(FIRST, AT), -1);
	check_unknown(key_of(FIRST, AT));
}
END_TEST

int main(void)
{
	return RUN_SUITE("python_known_lines", what_was_kept_is_found_until_another_takes_its_place,
	                 another_table_first_line_or_place_is_another_key, keys_of_neighbours_are_spread,
	                 a_line_too_large_to_keep_is_not_kept);
}
