/* Recordings keep the names of their program counters, so that they can be told elsewhere, and after the program has
 * been built anew or removed. */
#ifndef HG_REPORT_KEEP_KEEP_H
#define HG_REPORT_KEEP_KEEP_H

#include "report/model/model.h"

/* How long a report may take for it. */
enum { HG_KEEP_MS = 2000 };

/* Adds the names to the recordings from `first` to the last, to those that have none and whose process is no more, as
 * far as they can be written and the time suffices, of which it takes what it needed. Whatever goes wrong there goes
 * unnoticed: what is in a recording stays as it is. */
void hg_keep_names(struct hg_model *model, const struct hg_recording *first, int64_t *left_ms);

#endif
