/* The words of a line of what was learned, checked one by one: who has damaged it is not known. */
#ifndef HG_LEARNED_WORDS_H
#define HG_LEARNED_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HG_LEARNED_WORDS = 6 }; /* no limit: no line has more */

struct hg_word_of {
	const char *text;
	size_t length;
};

/* Splits a line at single spaces. 0: it has none, or too many words. */
unsigned hg_learned_split(const char *line, size_t length, struct hg_word_of words[HG_LEARNED_WORDS]);

bool hg_learned_is(const struct hg_word_of *word, const char *text);

/* Whether it reads FUNCTION@OBJECT+0xOFFSET or FUNCTION@OBJECT+0xOFFSET#KEY. */
bool hg_learned_is_site(const struct hg_word_of *word);

/* False: it is no whole number that fits. */
bool hg_learned_number(const struct hg_word_of *word, uint32_t *number);

/* The number, by enum hg_point, of a point's letter; HG_POINTS: it is none. */
unsigned hg_learned_point(const struct hg_word_of *word);

#endif
