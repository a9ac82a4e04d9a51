/* "Did you mean ...?" for options. */
#ifndef HG_COMMON_SUGGEST_H
#define HG_COMMON_SUGGEST_H

#include <argp.h>
#include <stdbool.h>

/* Looks for an option in argv that `options` (ended by zeroes) lacks, up to `--`, or up to the first argument if
 * `stop_at_argument`. If there is one, says so with what was probably meant, and returns false. */
bool hg_options_known(const struct argp_option *options, bool stop_at_argument, int argc, char *const *argv);

#endif
