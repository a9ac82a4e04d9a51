/* Writes what was inferred as a manifest, with comments for the person who reads it. */
#ifndef HG_MANIFEST_GENERATE_PRINT_H
#define HG_MANIFEST_GENERATE_PRINT_H

#include <stdio.h>

#include "manifest/generate/guess.h"

void hg_guess_print(const struct hg_guess *guess, const struct hg_prototypes *prototypes, FILE *out);

/* Parts of it, for a manifest that is there already. */
void hg_guess_print_class(const struct hg_guess *guess, const struct hg_guess_class *class, FILE *out);
void hg_guess_print_function(const struct hg_guess *guess, const struct hg_guess_function *function, FILE *out);
/* `asked`: by question, which ones; null: all. */
void hg_guess_print_questions(const struct hg_guess *guess, const bool *asked, FILE *out);

#endif
