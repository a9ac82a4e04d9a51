/* A manifest that a person has worked on, and what the library has that it does not name. */
#ifndef HG_MANIFEST_GENERATE_UPDATE_H
#define HG_MANIFEST_GENERATE_UPDATE_H

#include <stdio.h>

#include "manifest/generate/guess.h"
#include "manifest/model/manifest.h"

/* Which classes of the guess the manifest has (`known`, by class), by their types; they get the names that it has for
 * them. */
void hg_guess_find_known(struct hg_guess *guess, const struct hg_prototypes *prototypes,
                         const struct hg_manifest *manifest, bool *known);

/* Writes the manifest's text as it stands, with new classes at the end of `classes` and new functions at the end of
 * `functions`, each with its reason; and on `summary`, which are new and which of the manifest's the library has no
 * more. What the manifest leaves out stays out. The guess's classes get the names that the manifest has for them. False
 * after saying on `summary` that the text is not written in blocks. */
bool hg_guess_update(struct hg_guess *guess, const struct hg_exports *all, const struct hg_prototypes *prototypes,
                     const struct hg_manifest *manifest, const char *text, FILE *out, FILE *summary);

#endif
