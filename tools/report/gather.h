/* From paths to what is told of the recordings there. */
#ifndef HG_REPORT_GATHER_H
#define HG_REPORT_GATHER_H

#include "report/model/model.h"
#include "report/model/request.h"

/* Reads and describes all recordings, one by one, and groups what they found. Where they are many, only a few of them
 * are in memory at a time, and at the end all are at rest. False after saying what could not be read. */
bool hg_gather(struct hg_model *model, const struct hg_report_options *options, const char *const *paths,
               size_t path_count, const struct hg_report_ending *endings, size_t ending_count);

#endif
