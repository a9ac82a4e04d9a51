/* Only what one program needs. */
#ifndef HG_MANIFEST_GENERATE_NARROW_H
#define HG_MANIFEST_GENERATE_NARROW_H

#include "manifest/generate/guess.h"

/* Leaves of `exports` what the program or module imports, and what creates and frees the handles that it uses; both as
 * they were inferred from all of it. False after saying on `errors` why the program cannot be read. */
bool hg_guess_narrow(const struct hg_guess *guess, struct hg_exports *exports, const char *program, FILE *errors);

#endif
