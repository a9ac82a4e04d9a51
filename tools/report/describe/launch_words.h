/* What is said of a program that was started without guards. */
#ifndef HG_REPORT_DESCRIBE_LAUNCH_WORDS_H
#define HG_REPORT_DESCRIBE_LAUNCH_WORDS_H

#include "report/model/model.h"

/* "/bin/x, started 3 times by /bin/sh, ran without guards: it is statically linked, ..." */
const char *hg_launch_text(struct hg_model *model, const struct hg_resolved_launch *launch);

/* As JSON has it: "static". */
const char *hg_launch_reason(const struct hg_resolved_launch *launch);

#endif
