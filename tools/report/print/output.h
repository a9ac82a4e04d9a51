/* Where a report goes: a file, which is replaced as a whole; a pipe or a device; or a standard stream. In a file's
 * name, %p stands for this program's process id, and %n for the first number that makes it the name of a new file. */
#ifndef HG_REPORT_PRINT_OUTPUT_H
#define HG_REPORT_PRINT_OUTPUT_H

#include "report/model/model.h"
#include "report/model/request.h"

/* Writes the reports, and their headline to standard error too if the options ask for it. False after saying what kept
 * it from being written; that its reader has left is no mistake. */
bool hg_output_report(struct hg_model *model, const struct hg_report_options *options);

/* Whether a report can be written to a file (null or "-": it is none), as far as can be known before. False after
 * saying why. */
bool hg_report_writable(const char *program, const char *path);

#endif
