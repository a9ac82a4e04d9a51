/* Guesses which word was meant. */
#ifndef HG_COMMON_NEAREST_H
#define HG_COMMON_NEAREST_H

#include <stddef.h>

/* The word that `text` differs from by so few slips of typing that it was probably meant; NULL: there is none. */
const char *hg_nearest(const char *text, const char *const *words, size_t count);

#endif
