/* What names tell of the side that a part of an object is on. */
#ifndef HG_SIDES_NAMES_H
#define HG_SIDES_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How sure it is that a name is a binding's, and what follows for names that are not marked so. */
enum hg_mark {
	HG_MARK_NONE,
	HG_MARK_ONE, /* its unit is the binding's: a binding of several files has it in one of them */
	HG_MARK_ALL  /* its language or generator marks every file of a binding: what has no mark is none */
};

enum hg_mark hg_mark_of_part(const char *name);
enum hg_mark hg_mark_of_unit(const char *file);

/* Whether it names what the compiler has split off a function, because it is hardly run, and put elsewhere. */
bool hg_is_split_off(const char *name);

/* Whether every object has a function of this name, from the compiler. */
bool hg_is_everybodys(const char *name);

/* The first word of a name, with the underscore after it, as libraries put it before the names of all their functions:
 * "sqlite3_", "xml". Its length; the name's, if there is only one word. */
size_t hg_first_word(const char *name);

/* Whether both begin with the same word, which both go on after; or are the same. What compilers add to a name
 * (".cold") does not count. */
bool hg_share_first_word(const char *name, const char *other);

/* The words that the names of a library's functions begin with; what begins with one of them is taken for the
 * library's. */
enum { HG_WORDS = 64 };      /* no limit: what begins with yet another is known by its whole name */
enum { HG_BEGINNINGS = 64 }; /* no limit: of as many times 64 bits */
struct hg_words {
	const char *list[HG_WORDS];
	unsigned count;
	uint64_t beginnings[HG_BEGINNINGS]; /* a bit for the first letters of every name */
};

void hg_words_add(struct hg_words *words, const char *name);
bool hg_words_has(const struct hg_words *words, const char *name);

/* What ends a name: what compilers and linkers add follows. */
static inline bool hg_is_name_end(char letter)
{
	return !letter || letter == '.' || letter == '@';
}

/* Of as many letters as a word has at least. */
static inline unsigned hg_bit_of_beginning(const char *name)
{
	unsigned first = hg_is_name_end(name[0]) ? 0 : (unsigned char)name[0];
	unsigned second = !first || hg_is_name_end(name[1]) ? 0 : (unsigned char)name[1];
	unsigned third = !second || hg_is_name_end(name[2]) ? 0 : (unsigned char)name[2];
	return (first << 16 | second << 8 | third) * UINT32_C(2654435761) >> 20;
}

/* False of most names that are none of those that were added, nor begin with a word of theirs. */
static inline bool hg_words_may_have(const struct hg_words *words, const char *name)
{
	unsigned bit = hg_bit_of_beginning(name);
	return words->beginnings[bit / 64] >> bit % 64 & 1;
}

#endif
