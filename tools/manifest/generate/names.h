/* What names of functions are made of. */
#ifndef HG_MANIFEST_GENERATE_NAMES_H
#define HG_MANIFEST_GENERATE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Words by which C libraries name what they do; NULL-terminated, in lower case. */
extern const char *const hg_words_create[],
    *const hg_words_free[], *const hg_words_end[], *const hg_words_copy[], *const hg_words_look_up[],
                                                                               *const hg_words_acquire[],
                                                                                   *const hg_words_wake[],
                                                                                       *const hg_words_init[],
                                                                                           *const hg_words_memory[];

/* The name up to its last word that says something: what comes after it (v2, ex, all, 64) is passed over. `stem` gets
 * the length of what stands before that word. Null: the name has no words. */
const char *hg_last_word(const char *name, size_t *length, size_t *stem);

/* The length of what stands before that last word, or before the one of these that it ends with. */
size_t hg_stem(const char *name, const char *const *words);

/* Whether that last word is one of these, or ends with a long one of them. */
bool hg_ends_with_word(const char *name, const char *const *words);

/* Whether one of its words is one of these, or ends with a long one of them, as in `zip_fopen_index`. */
bool hg_holds_word(const char *name, const char *const *words);

/* Whether a function of that name is likely to make something of memory that it is given. */
bool hg_names_init(const char *name);

/* Whether one of the words of `name` stands in `other`, the words of which `prefix` is made left out; letters of either
 * size are alike, and words of one or two letters say nothing. */
bool hg_shares_word(const char *name, const char *other, const char *prefix);

/* The words of the name after one of these, if there are any; null: none of these is in it. */
const char *hg_after_word(const char *name, const char *const *words);

#endif
