/* Reports on recordings: what the subcommands `report` and `run` use. */
#ifndef HG_REPORT_REPORT_H
#define HG_REPORT_REPORT_H

#include <stddef.h>
#include <stdio.h>

#include "report/model/request.h"

/* Exit statuses of the tool. */
enum hg_report_status {
	HG_REPORT_CLEAN = 0,    /* nothing at or above the level asked for */
	HG_REPORT_FINDINGS = 1, /* something was */
	HG_REPORT_UNABLE = 2    /* a recording could not be read, there was none, or none had guarded a single call */
};

/* The report of `handleguard report` without options; text on standard output, fail on warnings. */
struct hg_report_options hg_report_defaults(void);

/* Reports on recordings and on the recordings in folders. Each path that cannot be read is one sentence on standard
 * error; the others are reported nevertheless. */
enum hg_report_status hg_report(const struct hg_report_options *options, const char *const *paths, size_t path_count,
                                const struct hg_report_ending *endings, size_t ending_count);

/* Says which programs the processes of the run that recorded into this folder started without guards. */
void hg_report_unguarded(const char *folder, const char *program, FILE *out);

#endif
