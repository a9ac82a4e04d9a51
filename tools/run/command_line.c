#include "run/command_line.h"

#include <argp.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/nearest.h"
#include "common/suggest.h"
#include "program/status.h"
#include "report/print/formats.h"
#include "run/look_once.h"

enum value_type { VALUE_CHOICE, VALUE_NUMBER, VALUE_PATH, VALUE_SWITCH, VALUE_LETTERS };

struct runtime_option {
	const char *name;
	const char *variable;
	enum value_type type;
	const char *placeholder; /* of a choice: its words, parted by | */
	const char *preset;      /* of a choice: its index */
	unsigned long long least, most;
	const char *help;
};

static const struct runtime_option runtime_options[HG_OPTION_COUNT] = {
#define HG_OPTION_CHOICE(field, variable, name, choices, preset, help)                                                 \
	{name, variable, VALUE_CHOICE, choices, #preset, 0, 0, help},
#define HG_OPTION_NUMBER(field, variable, name, placeholder, preset, least, most, help)                                \
	{name, variable, VALUE_NUMBER, placeholder, #preset, least, most, help},
#define HG_OPTION_PATH(field, variable, name, placeholder, preset, help)                                               \
	{name, variable, VALUE_PATH, placeholder, preset, 0, 0, help},
#define HG_OPTION_SWITCH(field, variable, name, help) {name, variable, VALUE_SWITCH, NULL, "off", 0, 0, help},
#define HG_OPTION_LETTERS(field, variable, name, letters, preset, help)                                                \
	{name, variable, VALUE_LETTERS, letters, preset, 0, 0, help},
#include "format/options.def"
#undef HG_OPTION_CHOICE
#undef HG_OPTION_NUMBER
#undef HG_OPTION_PATH
#undef HG_OPTION_SWITCH
#undef HG_OPTION_LETTERS
};

enum { MOST_CHOICES = 16, LONGEST_CHOICE = 24 };

struct choices {
	char texts[MOST_CHOICES][LONGEST_CHOICE];
	const char *words[MOST_CHOICES];
	size_t count;
};

static void split_choices(const char *list, struct choices *choices)
{
	for (choices->count = 0; *list != '\0' && choices->count < MOST_CHOICES; choices->count++) {
		size_t length = strcspn(list, "|");
		snprintf(choices->texts[choices->count], LONGEST_CHOICE, "%.*s", (int)length, list);
		choices->words[choices->count] = choices->texts[choices->count];
		list += length + (list[length] == '|');
	}
}

/* Index of `word` in a list of choices, or -1 after saying that `what` must be another. */
static int choose(const char *program, const char *what, const char *list, const char *word)
{
	struct choices choices;

	split_choices(list, &choices);
	for (size_t i = 0; i < choices.count; i++)
		if (strcmp(choices.words[i], word) == 0)
			return (int)i;
	fprintf(stderr, "%s: %s is '%s', but must be one of", program, what, word);
	for (size_t i = 0; i < choices.count; i++)
		fprintf(stderr, "%s %s", i > 0 ? "," : "", choices.words[i]);
	const char *nearest = hg_nearest(word, choices.words, choices.count);
	if (nearest)
		fprintf(stderr, "; did you mean %s?", nearest);
	fputc('\n', stderr);
	return -1;
}

/* Reads a whole number, or says what `what` must be and returns false. */
static bool read_number(const char *program, const char *what, const char *text, unsigned long long least,
                        unsigned long long most, unsigned long long *number)
{
	char *end = NULL;

	*number = strtoull(text, &end, 10);
	if (isdigit((unsigned char)text[0]) && *end == '\0' && *number >= least && *number <= most)
		return true;
	fprintf(stderr, "%s: %s is '%s', but must be a whole number from %llu to %llu\n", program, what, text, least,
	        most);
	return false;
}

static bool value_fits(const char *program, const struct runtime_option *option, const char *what, const char *value)
{
	unsigned long long number;

	switch (option->type) {
	case VALUE_CHOICE:
		return choose(program, what, option->placeholder, value) >= 0;
	case VALUE_NUMBER:
		return read_number(program, what, value, option->least, option->most, &number);
	case VALUE_PATH:
		if (value[0] != '\0')
			return true;
		fprintf(stderr, "%s: %s is empty, but must name a %s\n", program, what,
		        strcmp(option->placeholder, "DIR") == 0 ? "folder" : "file");
		return false;
	case VALUE_SWITCH:
		return choose(program, what, "off|on", value) >= 0;
	case VALUE_LETTERS:
		if (value[0] != '\0' && value[strspn(value, option->placeholder)] == '\0')
			return true;
		fprintf(stderr, "%s: %s is '%s', but must be one or more of the letters %s\n", program, what, value,
		        option->placeholder);
	}
	return false;
}

/* The runtime reads the environment as well, but too late for a mistake to stop the run. */
static bool runtime_values_fit(const struct hg_run_options *options)
{
	for (size_t i = 0; i < HG_OPTION_COUNT; i++) {
		const struct runtime_option *option = &runtime_options[i];
		const char *value = hg_run_option_given(options, (enum hg_runtime_option)i);
		char what[64];
		if (options->runtime[i])
			snprintf(what, sizeof(what), "--%s", option->name);
		else
			snprintf(what, sizeof(what), "%s", option->variable);
		if (value && !value_fits(options->program, option, what, value))
			return false;
	}
	return true;
}

#define VARIABLE_PREFIX "HANDLEGUARD_"

static bool is_variable(const char *name)
{
	for (size_t i = 0; i < HG_OPTION_COUNT; i++)
		if (strcmp(runtime_options[i].variable, name) == 0)
			return true;
	return strcmp(HG_LOOKED_THROUGH_VARIABLE, name) == 0;
}

/* Compares what comes after the prefix, which alone does not make two names alike. */
static const char *nearest_variable(const char *name)
{
	const char *words[HG_OPTION_COUNT];

	for (size_t i = 0; i < HG_OPTION_COUNT; i++)
		words[i] = runtime_options[i].variable + strlen(VARIABLE_PREFIX);
	return hg_nearest(name + strlen(VARIABLE_PREFIX), words, HG_OPTION_COUNT);
}

/* Somebody meant something by a variable that nobody reads, so that the tool says so. It does not stop: the variable
 * may be for another program, or for a later version. */
static void notice_variables(const char *program)
{
	for (char **variable = environ; *variable; variable++) {
		if (strncmp(*variable, VARIABLE_PREFIX, strlen(VARIABLE_PREFIX)) != 0)
			continue;
		char *name = strndup(*variable, strcspn(*variable, "="));
		if (!name || is_variable(name)) {
			free(name);
			continue;
		}
		const char *nearest = nearest_variable(name);
		fprintf(stderr, "%s: the environment has %s, which is no variable of handleguard and changes nothing; ",
		        program, name);
		if (nearest)
			fprintf(stderr, "did you mean " VARIABLE_PREFIX "%s?\n", nearest);
		else
			fprintf(stderr, "%s --help lists the options\n", program);
		free(name);
	}
}

enum {
	KEY_RUNTIME = 0x1000, /* plus the option's number */
	KEY_FORMAT = 0x2000,
	KEY_REPORT,
	KEY_PATH_MAP,
	KEY_SOURCE_ROOT,
	KEY_SUPPRESSIONS,
	KEY_BASELINE,
	KEY_COLOR,
	KEY_FAIL_ON,
	KEY_ERROR_EXITCODE,
	KEY_KEEP,
	KEY_KEEP_LAST,
	KEY_FULL,
	KEY_REDACT,
	KEY_NO_PERF_MAP,
	KEY_NO_HEADLINE,
	KEY_SUMMARY,
	KEY_WIDTH,
	KEY_BRIEF,
	KEY_REQUIRE_COVERAGE
};

enum { GROUP_WHAT = 1, GROUP_RUNTIME, GROUP_REPORT };

static const char level_names[] = "note|warning|error"; /* in the order of enum hg_level */
static const char colour_names[] = "auto|always|never"; /* in the order of enum hg_colour_use */
static char fail_on_help[128], format_help[256];

static const struct argp_option own_options[] = {
    {"manifest", 'm', "MANIFEST", 0,
     "what to guard: a name on the shelf, a YAML file, or a preload object made of one; may be given several times",
     GROUP_WHAT},
    {"format", KEY_FORMAT, "FORMAT", 0, format_help, GROUP_REPORT},
    {"report", KEY_REPORT, "[FORMAT:]FILE", 0,
     "where a report goes (standard error); - is standard output; may be given several times; in the name, %p stands "
     "for "
     "the process id of this program, and %n for the first number that makes it a new file",
     GROUP_REPORT},
    {"path-map", KEY_PATH_MAP, "FROM=TO", 0,
     "files of the program that were compiled as FROM, or below it, are TO here; may be given several times",
     GROUP_REPORT},
    {"source-root", KEY_SOURCE_ROOT, "DIR", 0,
     "where the repository is: sarif, junit, github and ndjson name files below it from there (the current folder)",
     GROUP_REPORT},
    {"suppressions", KEY_SUPPRESSIONS, "FILE", 0,
     "findings that fit a suppression in this file of YAML are accepted: they do not count; may be given several times",
     GROUP_REPORT},
    {"baseline", KEY_BASELINE, "FILE", 0, "what this earlier report in JSON has found does not count: only what is new",
     GROUP_REPORT},
    {"color", KEY_COLOR, colour_names, 0,
     "whether the report is in colour: on a terminal, if NO_COLOR is not set (auto)", GROUP_REPORT},
    {"fail-on", KEY_FAIL_ON, level_names, 0, fail_on_help, GROUP_REPORT},
    {"error-exitcode", KEY_ERROR_EXITCODE, "N", 0, "the exit status of such a run (97)", GROUP_REPORT},
    {"keep", KEY_KEEP, NULL, 0, "keep the recordings without --output too, and say where they are", GROUP_REPORT},
    {"keep-last", KEY_KEEP_LAST, "N", 0,
     "keep in the folder of --output no more than the last N runs, this one among them: remove older ones that are "
     "over",
     GROUP_REPORT},
    {"redact", KEY_REDACT, NULL, 0,
     "leave arguments, home folders and names of users out of the report, for others to see", GROUP_REPORT},
    {"full", KEY_FULL, NULL, 0,
     "tell all frames of a stack, also those of C beneath the frames of another language and those of standard "
     "libraries, and names of C++ and Rust as they are",
     GROUP_REPORT},
    {"summary", KEY_SUMMARY, NULL, 0, "the text report has one line for each finding", GROUP_REPORT},
    {"width", KEY_WIDTH, "COLUMNS", 0, "the width of the text report (the terminal's, or 100)", GROUP_REPORT},
    {"no-headline", KEY_NO_HEADLINE, NULL, 0,
     "do not say on standard error what was found, and in which files the reports are", GROUP_REPORT},
    {"brief", KEY_BRIEF, NULL, 0,
     "say on standard error only what fails the run, and nothing where nothing does, nor that nothing was covered",
     GROUP_REPORT},
    {"no-perf-map", KEY_NO_PERF_MAP, NULL, 0,
     "do not let Node say where the functions of JavaScript lie (NODE_OPTIONS); the report then has no names of them",
     GROUP_REPORT},
    {"require-coverage", KEY_REQUIRE_COVERAGE, NULL, 0,
     "make it an error (exit status 125) if no function of one of the manifests was ever called", GROUP_REPORT},
};

enum { OWN_COUNT = sizeof(own_options) / sizeof(*own_options), OPTION_COUNT = OWN_COUNT + HG_OPTION_COUNT };

static struct argp_option all_options[OPTION_COUNT + 1];
static char helps[HG_OPTION_COUNT][256];

static int runtime_key(size_t option)
{
	return option == HG_OPTION_output ? 'o' : KEY_RUNTIME + (int)option;
}

/* What the runtime presets, in the words of the command line. Recordings that nobody asked to keep are the tool's own
 * affair, so that the folder has no preset here. */
static const char *preset_text(size_t option, char text[LONGEST_CHOICE])
{
	struct choices choices;

	if (option == HG_OPTION_output)
		return "a temporary one, removed after the report";
	if (runtime_options[option].type == VALUE_PATH)
		return "none";
	if (runtime_options[option].type != VALUE_CHOICE)
		return runtime_options[option].preset;
	split_choices(runtime_options[option].placeholder, &choices);
	snprintf(text, LONGEST_CHOICE, "%s", choices.words[strtoul(runtime_options[option].preset, NULL, 10)]);
	return text;
}

static void make_fail_on_help(void)
{
	struct choices levels;

	split_choices(level_names, &levels);
	snprintf(fail_on_help, sizeof(fail_on_help),
	         "the lowest level of finding that makes a run of a successful program fail (%s)",
	         levels.words[hg_report_defaults().fail_on - HG_LEVEL_NOTE]);
}

static const struct argp_option *make_options(void)
{
	snprintf(format_help, sizeof(format_help), "how the report is written (text); one of %s",
	         hg_report_format_names());
	make_fail_on_help();
	memcpy(all_options, own_options, sizeof(own_options));
	for (size_t i = 0; i < HG_OPTION_COUNT; i++) {
		char text[LONGEST_CHOICE];
		snprintf(helps[i], sizeof(helps[i]), "%s (%s)", runtime_options[i].help, preset_text(i, text));
		all_options[OWN_COUNT + i] = (struct argp_option){.name = runtime_options[i].name,
		                                                  .key = runtime_key(i),
		                                                  .arg = runtime_options[i].placeholder,
		                                                  .doc = helps[i],
		                                                  .group = GROUP_RUNTIME};
	}
	return all_options;
}

static bool take_own(struct hg_run_options *options, int key, char *text)
{
	unsigned long long status;
	int number;

	switch (key) {
	case 'm':
		options->manifests[options->manifest_count++] = text;
		return true;
	case KEY_FORMAT:
		number = choose(options->program, "--format", hg_report_format_names(), text);
		options->reports.format = (enum hg_report_format)number;
		return number >= 0;
	case KEY_REPORT:
		options->reports.files[options->reports.file_count++] = text;
		return true;
	case KEY_PATH_MAP:
		return hg_report_arguments_map(&options->reports, options->program, text);
	case KEY_SOURCE_ROOT:
		options->reports.source_root = text;
		return true;
	case KEY_SUPPRESSIONS:
		options->reports.suppressions[options->reports.suppression_count++] = text;
		return true;
	case KEY_BASELINE:
		options->reports.baseline = text;
		return true;
	case KEY_COLOR:
		number = choose(options->program, "--color", colour_names, text);
		options->colour = (enum hg_colour_use)number;
		return number >= 0;
	case KEY_FAIL_ON:
		number = choose(options->program, "--fail-on", level_names, text);
		options->fail_on = (enum hg_level)(HG_LEVEL_NOTE + number);
		return number >= 0;
	case KEY_ERROR_EXITCODE:
		if (!read_number(options->program, "--error-exitcode", text, 0, 255, &status))
			return false;
		options->error_exitcode = (int)status;
		return true;
	case KEY_KEEP:
		options->keep = true;
		return true;
	case KEY_KEEP_LAST:
		if (!read_number(options->program, "--keep-last", text, 1, 1000000, &status))
			return false;
		options->keep_last = (size_t)status;
		return true;
	case KEY_REDACT:
		options->reports.redact = true;
		return true;
	case KEY_FULL:
		options->full = true;
		return true;
	case KEY_SUMMARY:
		return options->reports.summary = true;
	case KEY_WIDTH:
		return hg_report_arguments_width(&options->reports, options->program, text);
	case KEY_NO_PERF_MAP:
		options->no_perf_map = true;
		return true;
	case KEY_NO_HEADLINE:
		options->no_headline = true;
		return true;
	case KEY_BRIEF:
		options->brief = true;
		return true;
	case KEY_REQUIRE_COVERAGE:
		options->require_coverage = true;
		return true;
	}
	return false;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct hg_run_options *options = state->input;

	if (key == ARGP_KEY_ARG) {
		/* The command begins here; its own options are not ours to read. */
		options->command = state->argv + state->next - 1;
		state->next = state->argc;
		return 0;
	}
	for (size_t i = 0; i < HG_OPTION_COUNT; i++) {
		if (key == runtime_key(i)) {
			options->runtime[i] = runtime_options[i].type == VALUE_SWITCH ? "on" : text;
			return 0;
		}
	}
	if (key != 'm' && (key < KEY_FORMAT || key > KEY_REQUIRE_COVERAGE))
		return ARGP_ERR_UNKNOWN;
	return take_own(options, key, text) ? 0 : EINVAL;
}

static const char about[] =
    "Runs COMMAND with the handles of the named libraries guarded, waits for it, and reports what raced.\v"
    "The exit status is that of the command; 128+N if signal N ended it; --error-exitcode if it succeeded but findings "
    "at or above --fail-on were made; 127 if the command was not found, 126 if it cannot be run, and 125 if "
    "handleguard "
    "could not do its work.";

bool hg_run_options_read(struct hg_run_options *options, int argc, char **argv)
{
	return hg_run_options_read_as(options, argc, argv, "-m MANIFEST -- COMMAND [ARGUMENT...]", about);
}

bool hg_run_options_read_as(struct hg_run_options *options, int argc, char **argv, const char *usage,
                            const char *purpose)
{
	struct argp argp = {.options = make_options(), .parser = parse, .args_doc = usage, .doc = purpose};

	*options = (struct hg_run_options){
	    .program = argv[0], .fail_on = hg_report_defaults().fail_on, .error_exitcode = HG_STATUS_FINDINGS};
	hg_report_arguments_init(&options->reports, argc);
	options->manifests = calloc((size_t)argc, sizeof(*options->manifests));
	if (!options->manifests || !hg_options_known(argp.options, true, argc, argv))
		return false;
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, options) != 0)
		return false;
	if (!options->command) {
		fprintf(stderr, "%s: no command was given; write it after --, as in %s -m MANIFEST -- COMMAND\n",
		        options->program, options->program);
		return false;
	}
	if (!runtime_values_fit(options))
		return false;
	notice_variables(options->program);
	return true;
}

void hg_run_options_free(struct hg_run_options *options)
{
	free(options->manifests);
	hg_report_arguments_drop(&options->reports);
}

const char *hg_run_option_given(const struct hg_run_options *options, enum hg_runtime_option option)
{
	return options->runtime[option] ? options->runtime[option] : getenv(runtime_options[option].variable);
}

const char *hg_run_option_value(const struct hg_run_options *options, enum hg_runtime_option option)
{
	const char *given = hg_run_option_given(options, option);

	return given ? given : runtime_options[option].preset;
}

const char *hg_run_option_variable(enum hg_runtime_option option)
{
	return runtime_options[option].variable;
}

void hg_run_options_export(const struct hg_run_options *options)
{
	for (size_t i = 0; i < HG_OPTION_COUNT; i++)
		if (options->runtime[i])
			setenv(runtime_options[i].variable, options->runtime[i], 1);
}
