/* How the processes of recordings ended. */
#ifndef HG_REPORT_DESCRIBE_PROCESS_ENDING_H
#define HG_REPORT_DESCRIBE_PROCESS_ENDING_H

#include "report/model/model.h"
#include "report/model/request.h"

/* Fills in `ended`: from what the caller waited for, what is kept beside it, the recording's own mark, and /proc. */
void hg_describe_ending(const struct hg_model *model, struct hg_recording *recording,
                        const struct hg_report_ending *endings, size_t count);

/* "killed by signal 11 (SIGSEGV)" and the like. */
const char *hg_ending_text(struct hg_model *model, const struct hg_recording *recording);
/* A word for it: "clean", "running", "signal", "status", "exec", "unknown". */
const char *hg_ending_name(enum hg_how_ended ended);

#endif
