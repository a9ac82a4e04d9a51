/* Texts that are too long for their line. A column is a character. */
#ifndef HG_REPORT_PRINT_CUT_H
#define HG_REPORT_PRINT_CUT_H

#include "report/model/model.h"

size_t hg_columns(const char *text);

/* At most so many columns, but at least 4: "..." stands for what was in the middle. */
const char *hg_cut_middle(struct hg_model *model, const char *text, size_t columns);

/* The same of a path: "..." stands for the folders at its front, as many as it takes; of the rest, should it be the
 * file's name alone, for what was in the middle. */
const char *hg_cut_path(struct hg_model *model, const char *path, size_t columns);

#endif
