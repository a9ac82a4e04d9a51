/* Reports on recordings: what the subcommands `report` and `run` use. */
#ifndef HG_REPORT_REPORT_H
#define HG_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/record.h"

/* Exit statuses of the tool. */
enum hg_report_status {
	HG_REPORT_CLEAN = 0,    /* nothing at or above the level asked for */
	HG_REPORT_FINDINGS = 1, /* something was */
	HG_REPORT_UNABLE = 2    /* a recording could not be read, there was none, or none had guarded a single call */
};

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
	bool allow_empty;     /* no recording, or none of a guarded call, is no error: `run` has its own words for it */
	bool never_colour;
	bool require_coverage; /* a manifest of whose functions none was called makes the status 2 */
};

/* The report of `handleguard report` without options; text on standard output, fail on warnings. */
struct hg_report_options hg_report_defaults(void);

/* How a process ended, by who waited for it. */
struct hg_report_ending {
	uint32_t pid;
	int wait_status; /* as waitpid(2) gives it */
};

/* Whether a report can be written to a file (see `output`), as far as can be known before. False after saying why. */
bool hg_report_writable(const char *program, const char *path);

/* Keeps how processes ended in the folder of their recordings, for later reports. False with errno set. */
bool hg_report_keep_endings(const char *folder, const struct hg_report_ending *endings, size_t count);

/* Reports on recordings and on the recordings in folders. Each path that cannot be read is one sentence on standard
 * error; the others are reported nevertheless. */
enum hg_report_status hg_report(const struct hg_report_options *options, const char *const *paths, size_t path_count,
                                const struct hg_report_ending *endings, size_t ending_count);

/* The subcommand: `report [--format text|json] [--fail-on LEVEL] [--require-coverage] [-o FILE] PATH...`. Returns the
 * exit status. */
int hg_command_report(int argc, char **argv);

#endif
