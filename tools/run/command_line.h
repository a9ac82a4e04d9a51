/* What the command line of `handleguard run` says. The options that the runtime knows come from format/options.def, and
 * reach it through the environment; the others are the tool's own. */
#ifndef HG_RUN_COMMAND_LINE_H
#define HG_RUN_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "report/arguments.h"
#include "report/report.h"

enum hg_runtime_option {
#define HG_OPTION_CHOICE(field, variable, name, choices, preset, help)                  HG_OPTION_##field,
#define HG_OPTION_NUMBER(field, variable, name, placeholder, preset, least, most, help) HG_OPTION_##field,
#define HG_OPTION_PATH(field, variable, name, placeholder, preset, help)                HG_OPTION_##field,
#define HG_OPTION_SWITCH(field, variable, name, help)                                   HG_OPTION_##field,
#define HG_OPTION_LETTERS(field, variable, name, letters, preset, help)                 HG_OPTION_##field,
#include "format/options.def"
#undef HG_OPTION_CHOICE
#undef HG_OPTION_NUMBER
#undef HG_OPTION_PATH
#undef HG_OPTION_SWITCH
#undef HG_OPTION_LETTERS
	HG_OPTION_COUNT
};

struct hg_run_options {
	const char *program; /* what messages begin with */
	const char **manifests;
	size_t manifest_count;
	const char *runtime[HG_OPTION_COUNT]; /* as given on the command line; null: not given */
	struct hg_report_arguments reports;
	enum hg_level fail_on;
	enum hg_colour_use colour;
	int error_exitcode;
	bool keep;
	size_t keep_last; /* of the runs in the folder of --output; 0: all */
	bool require_coverage;
	bool brief;
	bool full;
	bool no_perf_map;
	bool no_headline;
	char **command;
};

/* Reads the command line. False after saying what is wrong with it. */
bool hg_run_options_read(struct hg_run_options *options, int argc, char **argv);

/* The same, for another command with these options, whose usage and purpose its help tells. */
bool hg_run_options_read_as(struct hg_run_options *options, int argc, char **argv, const char *usage,
                            const char *purpose);
void hg_run_options_free(struct hg_run_options *options);

/* What the command line, or else the environment, says; null: nothing. */
const char *hg_run_option_given(const struct hg_run_options *options, enum hg_runtime_option option);

/* The value in force for an option of the runtime: from the command line, the environment, or the preset. */
const char *hg_run_option_value(const struct hg_run_options *options, enum hg_runtime_option option);

/* The environment variable through which the runtime reads an option. */
const char *hg_run_option_variable(enum hg_runtime_option option);

/* Puts what was given on the command line into the environment. */
void hg_run_options_export(const struct hg_run_options *options);

#endif
