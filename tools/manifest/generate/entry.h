/* A function as a manifest has it: "  NAME: {...}". */
#ifndef HG_MANIFEST_GENERATE_ENTRY_H
#define HG_MANIFEST_GENERATE_ENTRY_H

#include "manifest/generate/guess.h"
#include "manifest/model/value.h"

/* In one line; to be freed. */
char *hg_guess_entry(const struct hg_guess *guess, const struct hg_guess_function *function);

#endif
