/* Packing and unpacking: what is put into a word comes out of it again, whatever else it holds. */
#include "harness.h"

enum { ROUNDS = 10000 };

static uint64_t state = 0x2545f4914f6cdd1d;

/* xorshift64 (G. Marsaglia); the seed is fixed. */
static uint64_t draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

START_TEST(what_is_packed_is_unpacked)
{
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t generation = (uint32_t)draw();
		unsigned bits = (unsigned)draw() & 0x7f;
		uint64_t word = hg_word(generation, bits);
		ck_assert_uint_eq(hg_word_generation(word), generation);
		ck_assert_uint_eq(hg_word_phase(word), bits & HG_WORD_PHASE);
		ck_assert_uint_eq(hg_word_frameless(word), 0);
		ck_assert_int_eq(hg_word_private(word), !(bits & HG_WORD_SHARED));
	}
}
END_TEST

START_TEST(visitors_are_counted_beside_everything_else)
{
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t word = hg_word((uint32_t)draw(), (unsigned)draw() & 0x7f), with = word;
		unsigned visitors = (unsigned)(draw() % 1000);
		for (unsigned n = 0; n < visitors; n++)
			with += HG_WORD_FRAMELESS_ONE;
		ck_assert_uint_eq(hg_word_frameless(with), visitors);
		ck_assert_uint_eq(with & ~HG_WORD_FRAMELESS, word);
		i += (int)visitors / 8;
	}
}
END_TEST

START_TEST(another_phase_keeps_the_rest)
{
	static const unsigned phases[] = {HG_WORD_LIVE, HG_WORD_FREEING, HG_WORD_FREEING | HG_WORD_DEFERRED,
	                                  HG_WORD_FREED, HG_WORD_LEAKED};
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t word = draw();
		unsigned phase = phases[draw() % 5];
		uint64_t next = hg_word_to(word, phase);
		ck_assert_uint_eq(next & (HG_WORD_PHASE | HG_WORD_DEFERRED), phase);
		ck_assert_uint_eq((next ^ word) & ~(uint64_t)(HG_WORD_PHASE | HG_WORD_DEFERRED), 0);
	}
}
END_TEST

START_TEST(the_next_life_is_private_and_live_and_keeps_visitors)
{
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t word = draw() & ~UINT64_C(0xff000000), next = hg_word_reborn(word);
		ck_assert_uint_eq(hg_word_generation(next), (uint32_t)(hg_word_generation(word) + 1));
		ck_assert_uint_eq(hg_word_frameless(next), hg_word_frameless(word));
		ck_assert_uint_eq(next & 0xff, HG_WORD_LIVE);
		ck_assert(hg_word_private(next));
	}
}
END_TEST

START_TEST(what_a_free_means_for_children_stands_beside_everything_else)
{
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t word = draw();
		unsigned children = (unsigned)draw() & 3;
		uint64_t with = hg_word_with_children(word, children);
		ck_assert_uint_eq(hg_word_children(with), children);
		ck_assert_uint_eq((with ^ word) & ~HG_WORD_CHILDREN, 0);
		ck_assert_uint_eq(hg_word_children(hg_word_reborn(with)), 0);
	}
}
END_TEST

START_TEST(each_mark_makes_another_word)
{
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t word = draw(), marked = hg_word_marked(word, HG_CHILDREN_ENDED);
		ck_assert_uint_ne(marked, word);
		ck_assert_uint_ne(hg_word_marked(marked, HG_CHILDREN_ENDED), marked);
		ck_assert(marked & HG_WORD_ORPHAN);
		ck_assert_uint_eq((marked ^ word) & ~(HG_WORD_MARKS | HG_WORD_ORPHAN | HG_WORD_CHILDREN), 0);
		ck_assert_uint_eq(hg_word_children(marked), HG_CHILDREN_ENDED);
		ck_assert(!(hg_word_unmarked(marked) & (HG_WORD_ORPHAN | HG_WORD_CHILDREN)));
	}
}
END_TEST

START_TEST(zero_is_not_born)
{
	ck_assert_uint_eq(hg_word_phase(0), 0);
	ck_assert_uint_eq(hg_word_reborn(0), hg_word(1, HG_WORD_LIVE));
	ck_assert_uint_eq(hg_word_generation(hg_word_reborn(hg_word(UINT32_MAX, HG_WORD_FREED))), 0);
}
END_TEST

int main(void)
{
	return RUN_SUITE("guard_word", what_is_packed_is_unpacked, visitors_are_counted_beside_everything_else,
	                 another_phase_keeps_the_rest, the_next_life_is_private_and_live_and_keeps_visitors,
	                 what_a_free_means_for_children_stands_beside_everything_else, each_mark_makes_another_word,
	                 zero_is_not_born);
}
