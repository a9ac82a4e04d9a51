/* "Did you mean ...?": finds the known word that is nearest to one that was typed. */
#ifndef HG_SUGGEST_H
#define HG_SUGGEST_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

/* How many letters must be inserted, removed, replaced or swapped with their neighbour to make `left` from `right`. */
size_t hg_edit_distance(const char *left, const char *right);

/* The nearest of `count` words; a null pointer if none is near enough to be what was meant. */
const char *hg_suggest(const char *typed, const char *const *words, size_t count);

/* Looks for a long option in argv that `options` (ended by zeroes) lacks, up to `--` or the first argument if
 * `stop_at_argument`. If there is one, says so with what was probably meant, and returns false. */
bool hg_options_known(const struct argp_option *options, bool stop_at_argument, int argc, char *const *argv);

#endif
