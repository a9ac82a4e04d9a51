/* What `run` and `report` both take on their command lines about reports. */
#ifndef HG_REPORT_ARGUMENTS_H
#define HG_REPORT_ARGUMENTS_H

#include "report/model/request.h"

struct hg_report_arguments {
	enum hg_report_format format; /* of a report of which nothing else is said */
	const char **files;           /* as given: FORMAT:FILE, or FILE */
	size_t file_count;
	struct hg_path_map *maps;
	size_t map_count;
	const char **suppressions; /* files */
	size_t suppression_count;
	const char *baseline;    /* null: none */
	const char *source_root; /* null: the folder that this program was started in */
	bool redact, summary;
	int width; /* 0: the terminal's */
	/* of hg_report_arguments_settle */
	struct hg_report_target *targets;
	char *folder;
	struct hg_policy policy;
};

/* Room for as many as a command line of so many words can have. Ends the program if there is no memory. */
void hg_report_arguments_init(struct hg_report_arguments *arguments, int words);

/* Adds FROM=TO. False after saying that it is none. */
bool hg_report_arguments_map(struct hg_report_arguments *arguments, const char *program, const char *text);

/* Takes a number of columns. False after saying what it may be. */
bool hg_report_arguments_width(struct hg_report_arguments *arguments, const char *program, const char *text);

/* Reads the files of the policy, and puts what was given into the options, which point into it. False after saying what
 * is wrong. */
bool hg_report_arguments_settle(struct hg_report_arguments *arguments, struct hg_report_options *options);

/* Whether all of their files can be written, as far as can be known before. False after saying why one cannot. */
bool hg_report_arguments_writable(const struct hg_report_arguments *arguments, const char *program);

void hg_report_arguments_drop(struct hg_report_arguments *arguments);

#endif
