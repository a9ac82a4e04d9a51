/* The table of findings' kinds, as the design has it. */
#include <string.h>

#include "finding/finding.h"
#include "harness.h"

static const struct {
	const char *name;
	enum hg_level level;
	const char *when;
} kinds[] = {
#define HG_KIND(id, name, level, when) [HG_KIND_##id] = {name, HG_LEVEL_##level, when},
#include "format/kinds.def"
#undef HG_KIND
};

START_TEST(names_are_unique_and_plain)
{
	for (int i = 0; i < HG_KIND_COUNT; i++) {
		ck_assert_uint_eq(strspn(kinds[i].name, "abcdefghijklmnopqrstuvwxyz-"), strlen(kinds[i].name));
		ck_assert_uint_gt(strlen(kinds[i].when), 15);
		for (int other = 0; other < i; other++)
			ck_assert_str_ne(kinds[i].name, kinds[other].name);
	}
}
END_TEST

START_TEST(levels_are_those_of_the_table)
{
	for (int i = 0; i < HG_KIND_COUNT; i++)
		ck_assert_int_eq(hg_kind_level((enum hg_kind)i), kinds[i].level);
	ck_assert_int_eq(hg_kind_level(HG_KIND_LATE_FREE), HG_LEVEL_ERROR);
	ck_assert_int_eq(hg_kind_level(HG_KIND_STRAY), HG_LEVEL_WARNING);
	ck_assert_int_eq(hg_kind_level(HG_KIND_LEAK), HG_LEVEL_NOTE);
}
END_TEST

/* Numbers are part of the recording's format. */
START_TEST(numbers_stay)
{
	static const char *const order[] = {"late-free", "drain-timeout", "repeat-free", "late-op",   "reentrant-free",
	                                    "orphan",    "severed",       "unwound",     "abandoned", "stray",
	                                    "reborn",    "exhausted",     "leak"};
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		ck_assert_str_eq(kinds[i].name, order[i]);
}
END_TEST

int main(void)
{
	return RUN_SUITE("kinds", names_are_unique_and_plain, levels_are_those_of_the_table, numbers_stay);
}
