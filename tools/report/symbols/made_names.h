/* What a name in a perf map says, by who writes it. */
#ifndef HG_REPORT_SYMBOLS_MADE_NAMES_H
#define HG_REPORT_SYMBOLS_MADE_NAMES_H

#include "report/model/model.h"

/* Fills in function, file, line and language, as far as the name has them. */
void hg_made_name(struct hg_model *model, const char *name, struct hg_resolved_frame *frame);

#endif
