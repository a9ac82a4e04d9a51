/* What a report is to be like, and what its caller knows of how processes ended. */
#ifndef HG_REPORT_MODEL_REQUEST_H
#define HG_REPORT_MODEL_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "format/record.h"
#include "report/model/sources.h"

enum hg_report_format { HG_REPORT_TEXT, HG_REPORT_JSON };

struct hg_report_options {
	enum hg_report_format format;
	enum hg_level fail_on;  /* findings at or above it make the status 1 */
	const char *output;     /* null or "-": standard output */
	bool on_standard_error; /* without `output`: there instead of on standard output */
	bool headline;          /* also print the first line on standard error */
	const char
	    *nothing_covered; /* what a report tells if there is no recording at all; null: there is no report then */
	const char *program;  /* what error messages begin with; null: "handleguard" */
	bool allow_empty;     /* it is no error that there is no recording, or none of a guarded call: `run` has its own
	                         words for that */
	const char *folder;   /* of the run, should there be no recording; null: none */
	bool never_colour;
	bool full;       /* the text report tells all frames */
	bool keep_names; /* in the recordings of processes that are no more, for who reads them elsewhere */
	struct hg_sources sources;
	bool require_coverage; /* a manifest of whose functions none was called makes the status 2 */
};

/* How a process ended, by who waited for it. */
struct hg_report_ending {
	uint32_t pid;
	int wait_status; /* as waitpid(2) gives it */
};

#endif
