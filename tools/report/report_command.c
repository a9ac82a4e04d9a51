#include "report/report_command.h"

#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <obstack.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "common/files.h"
#include "report/arguments.h"
#include "report/diff_command.h"
#include "report/model/names.h"
#include "report/print/formats.h"
#include "report/read/live.h"
#include "report/report.h"

struct request {
	struct hg_report_options options;
	struct hg_report_arguments arguments;
	const char **paths;
	size_t path_count;
	char **names; /* that were found for options, to be freed */
	size_t name_count;
};

static const char documentation[] =
    "Tells what recordings hold: who freed which handle while who was using it, with the calls and stacks of both "
    "sides, the usual cause and the fix; and before that, what was guarded at all. A PATH is a recording (.hgr) or a "
    "folder, whose recordings and whose folders' recordings are reported together. The recording of a program that is "
    "still running can be read, too. `report diff OLD NEW` tells what has changed from one to the other."
    "\v"
    "Exit status: 0 if there is no finding at or above the level of --fail-on; 1 if there is one; 2 if a recording "
    "could "
    "not be read, if there was none, or if not one call was guarded.\n\n"
    "Debugging information is looked for in the "
    "objects themselves, beside them, in the folders of --debug-dir, and under /usr/lib/debug. Where an object is gone "
    "or another one by now, what the recording keeps of its names is told.";

enum {
	KEY_REQUIRE_COVERAGE = 0x1000,
	KEY_FULL,
	KEY_READ_ONLY,
	KEY_SYSROOT,
	KEY_DEBUG_DIR,
	KEY_DEBUGINFOD,
	KEY_PATH_MAP,
	KEY_SOURCE_ROOT,
	KEY_SUPPRESSIONS,
	KEY_BASELINE,
	KEY_COLOR,
	KEY_REDACT,
	KEY_LIVE,
	KEY_EXAMPLES_AFTER,
	KEY_SUMMARY,
	KEY_WIDTH
};

static char format_help[512];

static const struct argp_option argp_options[] = {
    {"format", 'f', "FORMAT", 0, format_help, 0},
    {"fail-on", 'l', "note|warning|error", 0, "the level from which a finding makes the exit status 1 (warning)", 0},
    {"output", 'o', "[FORMAT:]FILE", 0,
     "write a report to FILE, which is replaced as a whole, instead of standard output (-); may be given several "
     "times; "
     "in the name, %p stands for the process id, and %n for the first number that makes it a new file",
     0},
    {"path-map", KEY_PATH_MAP, "FROM=TO", 0,
     "files of the program that were compiled as FROM, or below it, are TO here; may be given several times", 0},
    {"source-root", KEY_SOURCE_ROOT, "DIR", 0,
     "where the repository is: sarif, junit, github and ndjson name files below it from there (the current folder)", 0},
    {"suppressions", KEY_SUPPRESSIONS, "FILE", 0,
     "findings that fit a suppression in this file of YAML are accepted: they do not count; may be given several times",
     0},
    {"baseline", KEY_BASELINE, "FILE", 0, "what this earlier report in JSON has found does not count: only what is new",
     0},
    {"live", KEY_LIVE, "PID", 0,
     "the recording of this process, which is still running and goes on undisturbed; may be given several times", 0},
    {"color", KEY_COLOR, "auto|always|never", 0,
     "whether the report is in colour: on a terminal, if NO_COLOR is not set (auto)", 0},
    {"redact", KEY_REDACT, NULL, 0,
     "leave arguments, home folders and names of users out of the report, for others to see", 0},
    {"full", KEY_FULL, NULL, 0,
     "tell all frames of a stack, also those of C beneath the frames of another language and those of standard "
     "libraries, and names of C++ and Rust as they are",
     0},
    {"summary", KEY_SUMMARY, NULL, 0, "the text report has one line for each finding", 0},
    {"width", KEY_WIDTH, "COLUMNS", 0, "the width of the text report (the terminal's, or 100)", 0},
    {"read-only", KEY_READ_ONLY, NULL, 0,
     "leave the recordings as they are: keep no names of C's functions in those that have none yet", 0},
    {"sysroot", KEY_SYSROOT, "DIR", 0,
     "the objects of the recorded processes lie below DIR, as they did below their root: a copy of another machine's "
     "files, or a container's",
     0},
    {"debug-dir", KEY_DEBUG_DIR, "DIR", 0,
     "look for separate debugging information, and for objects that are gone, in DIR too, as /usr/lib/debug has them: "
     "by "
     "build id (DIR/.build-id/ab/cdef.debug) or by path; may be given several times",
     0},
    {"debuginfod", KEY_DEBUGINFOD, NULL, 0,
     "ask the servers that DEBUGINFOD_URLS names for what is missing; without this option nothing is asked of any", 0},
    {"examples-after", KEY_EXAMPLES_AFTER, "NUMBER", 0,
     "of findings that are alike, show one whose number in its recording is higher (sequence, in JSON), if there is "
     "one",
     0},
    {"require-coverage", KEY_REQUIRE_COVERAGE, NULL, 0,
     "make it an error (exit status 2) if no function of one of the manifests was ever called", 0},
    {0},
};

/* "text: for people; json: ..." */
static void make_format_help(void)
{
	size_t length = 0;

	for (int i = 0; i < HG_REPORT_FORMATS; i++)
		length += (size_t)snprintf(format_help + length, sizeof(format_help) - length, "%s%s%s: %s",
		                           i > 0 ? "; " : "", hg_report_formats[i].name,
		                           i == HG_REPORT_TEXT ? " (default)" : "", hg_report_formats[i].help);
}

/* Says what the option takes instead, and ends the program. */
static void refuse(struct argp_state *state, const char *option, const char *word, const char *list)
{
	argp_error(state, "--%s does not take '%s'; it takes %s", option, word, list);
}

static enum hg_report_format read_format(struct argp_state *state, const char *word)
{
	for (int i = 0; i < HG_REPORT_FORMATS; i++)
		if (strcmp(word, hg_report_formats[i].name) == 0)
			return (enum hg_report_format)i;
	refuse(state, "format", word, hg_report_format_names());
	return HG_REPORT_TEXT;
}

static enum hg_level read_level(struct argp_state *state, const char *word)
{
	for (int level = HG_LEVEL_NOTE; level <= HG_LEVEL_ERROR; level++)
		if (strcmp(word, hg_level_name((enum hg_level)level)) == 0)
			return (enum hg_level)level;
	refuse(state, "fail-on", word, "note, warning or error");
	return HG_LEVEL_WARNING;
}

static enum hg_colour_use read_colour(struct argp_state *state, const char *word)
{
	static const char *const words[] = {"auto", "always", "never"}; /* in the order of enum hg_colour_use */

	for (int use = HG_COLOUR_AUTO; use <= HG_COLOUR_NEVER; use++)
		if (strcmp(word, words[use]) == 0)
			return (enum hg_colour_use)use;
	refuse(state, "color", word, "auto, always or never");
	return HG_COLOUR_AUTO;
}

/* The absolute path of a folder. If there is none, says so and ends the program. */
static const char *folder(struct argp_state *state, const char *option, const char *path)
{
	struct request *request = state->input;
	char *absolute = realpath(path, NULL);

	if (!absolute || !hg_is_folder(absolute))
		argp_error(state, "--%s: %s: %s", option, path, absolute ? "is no folder" : strerror(errno));
	return request->names[request->name_count++] = absolute;
}

/* The recording of a process that is still running. If there is none, says so and ends the program. */
static const char *live(struct argp_state *state, const char *word)
{
	struct request *request = state->input;
	char *end;
	long pid = strtol(word, &end, 10);

	if (*end != '\0' || pid <= 0 || pid > INT_MAX)
		argp_error(state, "--live does not take '%s'; it takes the number of a process", word);
	char *path = hg_live_recording((pid_t)pid);
	if (!path)
		argp_failure(
		    state, HG_REPORT_UNABLE, 0,
		    "no recording of process %ld can be found: it is over, runs without guards, has not called a "
		    "guarded function yet, or is another user's",
		    pid);
	return request->names[request->name_count++] = path;
}

static uint64_t read_sequence(struct argp_state *state, const char *word)
{
	char *end = NULL;

	errno = 0;
	uint64_t value = strtoull(word, &end, 10);
	if (word[0] < '0' || word[0] > '9' || *end != '\0' || errno != 0)
		refuse(state, "examples-after", word, "the number of a finding");
	return value;
}

static void ask_servers(struct argp_state *state, struct hg_sources *sources)
{
	const char *servers = getenv("DEBUGINFOD_URLS");

	if (!servers || strspn(servers, " ") == strlen(servers))
		argp_error(state, "--debuginfod: DEBUGINFOD_URLS names no server");
	sources->debuginfod = true;
}

static bool take(struct request *request, int key, char *argument, struct argp_state *state)
{
	struct hg_report_arguments *arguments = &request->arguments;
	struct hg_sources *sources = &request->options.sources;

	switch (key) {
	case 'f':
		arguments->format = read_format(state, argument);
		return true;
	case 'l':
		request->options.fail_on = read_level(state, argument);
		return true;
	case 'o':
		arguments->files[arguments->file_count++] = argument;
		return true;
	case KEY_LIVE:
		request->paths[request->path_count++] = live(state, argument);
		return true;
	case KEY_PATH_MAP:
		if (!hg_report_arguments_map(arguments, request->options.program, argument))
			exit(HG_REPORT_UNABLE);
		return true;
	case KEY_SOURCE_ROOT:
		arguments->source_root = argument;
		return true;
	case KEY_SUPPRESSIONS:
		arguments->suppressions[arguments->suppression_count++] = argument;
		return true;
	case KEY_BASELINE:
		arguments->baseline = argument;
		return true;
	case KEY_COLOR:
		request->options.colour = read_colour(state, argument);
		return true;
	case KEY_REDACT:
		return arguments->redact = true;
	case KEY_SUMMARY:
		return arguments->summary = true;
	case KEY_WIDTH:
		if (!hg_report_arguments_width(arguments, request->options.program, argument))
			exit(HG_REPORT_UNABLE);
		return true;
	case KEY_FULL:
		return request->options.full = true;
	case KEY_READ_ONLY:
		request->options.keep_names = false;
		return true;
	case KEY_SYSROOT:
		sources->sysroot = folder(state, "sysroot", argument);
		return true;
	case KEY_DEBUG_DIR:
		sources->debug_dirs[sources->debug_dir_count++] = folder(state, "debug-dir", argument);
		return true;
	case KEY_DEBUGINFOD:
		ask_servers(state, sources);
		return true;
	case KEY_EXAMPLES_AFTER:
		request->options.examples_after = read_sequence(state, argument);
		return true;
	case KEY_REQUIRE_COVERAGE:
		return request->options.require_coverage = true;
	default:
		return false;
	}
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		request->paths[request->path_count++] = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		if (request->path_count == 0)
			argp_error(state, "no PATH was given: name a recording (.hgr) or a folder of recordings");
		return 0;
	default:
		return take(request, key, argument, state) ? 0 : ARGP_ERR_UNKNOWN;
	}
}

/* Each argument may name one of these. */
static bool make_room(struct request *request, size_t count)
{
	request->paths = calloc(count, sizeof(*request->paths));
	request->names = calloc(count, sizeof(*request->names));
	request->options.sources.debug_dirs = calloc(count, sizeof(*request->options.sources.debug_dirs));
	return request->paths && request->names && request->options.sources.debug_dirs;
}

static void drop(struct request *request)
{
	for (size_t i = 0; i < request->name_count; i++)
		free(request->names[i]);
	free(request->names);
	free(request->options.sources.debug_dirs);
	free(request->paths);
}

int hg_command_report(int argc, char **argv)
{
	static const struct argp parser = {argp_options, parse, "[PATH...]", documentation, NULL, NULL, NULL};
	struct request request = {.options = hg_report_defaults()};

	if (argc > 1 && strcmp(argv[1], "diff") == 0) {
		argv[1] = argv[0];
		return hg_command_report_diff(argc - 1, argv + 1);
	}

	request.options.program = argv[0];
	request.options.keep_names = request.options.progress = true;
	hg_report_arguments_init(&request.arguments, argc);
	make_format_help();
	argp_err_exit_status = obstack_exit_failure = HG_REPORT_UNABLE;
	int status = HG_REPORT_UNABLE;
	if (make_room(&request, (size_t)argc + 1) && argp_parse(&parser, argc, argv, 0, NULL, &request) == 0 &&
	    hg_report_arguments_settle(&request.arguments, &request.options))
		status = hg_report(&request.options, request.paths, request.path_count, NULL, 0);
	hg_report_arguments_drop(&request.arguments);
	drop(&request);
	return status;
}
