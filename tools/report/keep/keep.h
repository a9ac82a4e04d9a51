/* Recordings keep the names of their program counters, so that they can be told elsewhere, and after the program has
 * been built anew or removed. */
#ifndef HG_REPORT_KEEP_KEEP_H
#define HG_REPORT_KEEP_KEEP_H

#include "report/model/model.h"

/* Adds the names to all recordings that have none and whose process is no more, as far as they can be written and two
 * seconds suffice. Whatever goes wrong there goes unnoticed: what is in a recording stays as it is. */
void hg_keep_names(struct hg_model *model);

#endif
