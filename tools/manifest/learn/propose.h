/* Lines that a manifest may lack, from what a run has told and what is known of the library's functions. */
#ifndef HG_MANIFEST_LEARN_PROPOSE_H
#define HG_MANIFEST_LEARN_PROPOSE_H

#include <stdio.h>

#include "manifest/generate/guess.h"
#include "manifest/learn/observed.h"
#include "manifest/model/manifest.h"

/* Writes them as a manifest has them, each with what speaks for it. Returns how many. The guess's classes get the names
 * that the manifest has for them. */
size_t hg_propose(struct hg_guess *guess, const struct hg_prototypes *prototypes, const struct hg_manifest *manifest,
                  const struct hg_observed *observed, FILE *out);

#endif
