/* The words of lines of what was learned: what is whole is taken, and nothing else. */
#include <string.h>

#include "harness.h"
#include "provoke/call_sites.h"
#include "provoke/learned_words.h"

static struct hg_word_of word(const char *text)
{
	return (struct hg_word_of){text, strlen(text)};
}

static unsigned words_in(const char *line, struct hg_word_of words[HG_LEARNED_WORDS])
{
	struct hg_word_of whole = word(line);
	return hg_learned_split(whole.text, whole.length, words);
}

START_TEST(lines_are_split_at_single_spaces)
{
	struct hg_word_of words[HG_LEARNED_WORDS];
	ck_assert_uint_eq(words_in("hit a b 1 2 late-op", words), 6);
	ck_assert(hg_learned_is(&words[0], "hit") && hg_learned_is(&words[5], "late-op"));
	ck_assert(!hg_learned_is(&words[0], "hits") && !hg_learned_is(&words[0], "hi"));
	static const char *const wrong[] = {"", " ", "a  b", " a", "a ", "1 2 3 4 5 6 7"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_msg(words_in(wrong[i], words) == 0, "'%s' was split", wrong[i]);
}
END_TEST

START_TEST(sites_have_a_function_an_object_and_an_offset)
{
	static const char *const right[] = {"f@o+0x0", "net_recv@lib+x.so+0x12af", "f@-+0x0#1",
	                                    "f@o+0xffffffffffffffff#0a"};
	static const char *const wrong[] = {"",         "f",       "@o+0x1",    "f@+0x1",
	                                    "f@o",      "f@o+1",   "f@o+0x",    "f@o+0xg",
	                                    "f@o+0x1#", "f@o+0xA", "f@o+0x1#x", "f@o+0x1#1#1",
	                                    "f@o+0x1 ", "f@",      "@",         "f@o+0x1#12345678123456781"};
	for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
		struct hg_word_of site = word(right[i]);
		ck_assert_msg(hg_learned_is_site(&site), "%s is none", right[i]);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct hg_word_of site = word(wrong[i]);
		ck_assert_msg(!hg_learned_is_site(&site), "%s is one", wrong[i]);
	}
}
END_TEST

START_TEST(numbers_fit_or_are_none)
{
	uint32_t number = 7;
	struct hg_word_of most = word("4294967295"), more = word("4294967296"), none = word(""), letters = word("1a");
	ck_assert(hg_learned_number(&most, &number) && number == UINT32_MAX);
	ck_assert(!hg_learned_number(&more, &number) && !hg_learned_number(&none, &number) &&
	          !hg_learned_number(&letters, &number));
}
END_TEST

START_TEST(points_are_single_letters)
{
	for (unsigned point = 0; point < HG_POINTS; point++) {
		struct hg_word_of letter = {&HG_POINT_LETTERS[point], 1};
		ck_assert_uint_eq(hg_learned_point(&letter), point);
	}
	struct hg_word_of other = word("x"), two = word("bi"), none = word("");
	ck_assert_uint_eq(hg_learned_point(&other), HG_POINTS);
	ck_assert_uint_eq(hg_learned_point(&two), HG_POINTS);
	ck_assert_uint_eq(hg_learned_point(&none), HG_POINTS);
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: learned words", lines_are_split_at_single_spaces,
	                 sites_have_a_function_an_object_and_an_offset, numbers_fit_or_are_none,
	                 points_are_single_letters);
}
