/* What names of functions say: the words that they are made of, and those that C libraries use for freeing. */
#ifndef HG_MANIFEST_PROTOTYPE_WORDS_H
#define HG_MANIFEST_PROTOTYPE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "manifest/prototype/prototype.h"

/* The first word at or after `at`, of a name in snake_case or camelCase, and its length; null: there is none. */
const char *hg_next_word(const char *at, size_t *length);

/* Whether a word is one of those, which are in lower case; NULL-terminated. */
bool hg_is_one_of(const char *word, size_t length, const char *const *words);

/* Whether one of the words that a name is made of is one of those. */
bool hg_has_word(const char *name, const char *const *words);

/* Whether a function of that name is likely to free what it is given. */
bool hg_names_free(const char *name);

/* The same of a function of which more is known: it has an argument that it could end, too. */
bool hg_looks_like_free(const struct hg_prototype *prototype);

#endif
