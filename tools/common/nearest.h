/* Guesses which word was meant. */
#ifndef HG_COMMON_NEAREST_H
#define HG_COMMON_NEAREST_H

#include <stddef.h>

/* The word that is few enough slips away from `text` to have been meant, or NULL. */
const char *hg_nearest(const char *text, const char *const *words, size_t count);

#endif
