/* What a report is to be like, and what its caller knows of how processes ended. */
#ifndef HG_REPORT_MODEL_REQUEST_H
#define HG_REPORT_MODEL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/record.h"
#include "report/model/policy.h"
#include "report/model/sources.h"

/* As the table in print/formats.c has them. */
enum hg_report_format {
	HG_REPORT_TEXT,
	HG_REPORT_JSON,
	HG_REPORT_NDJSON,
	HG_REPORT_SARIF,
	HG_REPORT_JUNIT,
	HG_REPORT_GITHUB,
	HG_REPORT_HTML,
	HG_REPORT_SUPPRESSIONS,
	HG_REPORT_TRACE,
	HG_REPORT_FORMATS
};

/* One report of a run that may have several. */
struct hg_report_target {
	enum hg_report_format format;
	const char *path; /* null: the stream that reports go to by themselves; "-": standard output */
};

/* Whether reports for people are in colour. */
enum hg_colour_use {
	HG_COLOUR_AUTO, /* on terminals, unless NO_COLOR is set */
	HG_COLOUR_ALWAYS,
	HG_COLOUR_NEVER
};

/* How much a text report on standard error tells. */
enum hg_report_length {
	HG_REPORT_WHOLE,
	HG_REPORT_REST,  /* the first line, and the findings that fail the run: the others have been told, or will be */
	HG_REPORT_BRIEF, /* the same, and nothing where nothing fails it */
	HG_REPORT_HEADLINE
};

/* Where FROM is or begins the name of a file, TO is meant. */
struct hg_path_map {
	const char *from;
	size_t from_length;
	const char *to;
};

struct hg_report_options {
	const struct hg_report_target *targets;
	size_t target_count;    /* 0: a text report, on the stream that reports go to by themselves */
	enum hg_level fail_on;  /* findings at or above it make the status 1 */
	bool on_standard_error; /* the stream that reports go to by themselves is that, not standard output */
	enum hg_report_length length;
	bool headline; /* also print the first line on standard error */
	const char
	    *nothing_covered; /* what a report tells if there is no recording at all; null: there is no report then */
	const struct hg_path_map *path_maps;
	size_t path_map_count;
	struct hg_policy *policy; /* null: every finding counts */
	const char *source_root;  /* formats for machines name files below it from there; null: none does */
	const char *program;      /* what error messages begin with; null: "handleguard" */
	bool allow_empty;   /* it is no error that there is no recording, or none of a guarded call: `run` has its own
	                       words for that */
	const char *folder; /* of the run, should there be no recording; null: none */
	const char *announced;   /* the file of what a runner of tests has told already; null: none has told anything */
	uint64_t examples_after; /* the number of a finding in its recording: a later example is better */
	enum hg_colour_use colour;
	bool full;          /* the text report tells all frames */
	bool summary;       /* the text report has one line for each finding */
	int width;          /* of the text report, in columns; 0: the terminal's, or the usual one */
	bool findings_only; /* the JSON report lists no recordings */
	bool redact;        /* without arguments and names of users */
	bool progress;      /* is told on a terminal */
	bool keep_names;    /* in the recordings of processes that are no more, for who reads them elsewhere */
	struct hg_sources sources;
	bool require_coverage; /* a manifest of whose functions none was called makes the status 2 */
};

/* How a process ended, by who waited for it. */
struct hg_report_ending {
	uint32_t pid;
	int wait_status; /* as waitpid(2) gives it */
};

#endif
