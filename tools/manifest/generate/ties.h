/* Whether a function ties two handles to each other, so that calls on the one use the other from then on, or parts
 * them: its name and its arguments let one ask, and only a person knows. */
#ifndef HG_MANIFEST_GENERATE_TIES_H
#define HG_MANIFEST_GENERATE_TIES_H

#include "manifest/generate/guess.h"

void hg_guess_ask_about_tie(struct hg_guess *guess, struct hg_guess_function *function);

#endif
