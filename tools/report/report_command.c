#include "report/report_command.h"

#include <argp.h>
#include <obstack.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

struct request {
	struct hg_report_options options;
	const char **paths;
	size_t path_count;
};

static const char documentation[] =
    "Tells what recordings hold: who freed which handle while who was using it, with the calls and stacks of both "
    "sides, the usual cause and the fix; and before that, what was guarded at all. A PATH is a recording (.hgr) or a "
    "folder, whose recordings and whose folders' recordings are reported together. The recording of a program that is "
    "still running can be read, too."
    "\v"
    "Exit status: 0 if there is no finding at or above the level of --fail-on; 1 if there is one; 2 if a recording "
    "could "
    "not be read, if there was none, or if not one call was guarded.\n\n"
    "Colours are used only on a terminal, and never if NO_COLOR is set. Debugging information is looked for in the "
    "objects themselves and under /usr/lib/debug, and asked of debuginfod servers only if DEBUGINFOD_URLS names any.";

enum { KEY_REQUIRE_COVERAGE = 0x1000, KEY_FULL, KEY_READ_ONLY };

static const struct argp_option argp_options[] = {
    {"format", 'f', "FORMAT", 0, "text (default): for people; json: for programs, as report.schema.json describes it",
     0},
    {"fail-on", 'l', "LEVEL", 0,
     "the level from which a finding makes the exit status 1: note, warning (default) or error", 0},
    {"output", 'o', "FILE", 0, "write the report to FILE, which is replaced as a whole, instead of standard output (-)",
     0},
    {"full", KEY_FULL, NULL, 0, "tell all frames of a stack, also those of C beneath the frames of another language",
     0},
    {"read-only", KEY_READ_ONLY, NULL, 0,
     "leave the recordings as they are: keep no names of C's functions in those that have none yet", 0},
    {"require-coverage", KEY_REQUIRE_COVERAGE, NULL, 0,
     "make it an error (exit status 2) if no function of one of the manifests was ever called", 0},
    {0},
};

/* Index of the word in a list that ends with null. If the word is not in the list, says so and ends the program. */
static int choose(struct argp_state *state, const char *option, const char *word, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	argp_error(state, "--%s does not take '%s'; it takes %s", option, word,
	           strcmp(option, "format") == 0 ? "text or json" : "note, warning or error");
	return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	static const char *const formats[] = {"text", "json", NULL};
	static const char *const levels[] = {"note", "warning", "error", NULL};
	struct request *request = state->input;

	switch (key) {
	case 'f':
		request->options.format = (enum hg_report_format)choose(state, "format", argument, formats);
		return 0;
	case 'l':
		request->options.fail_on = (enum hg_level)(choose(state, "fail-on", argument, levels) + HG_LEVEL_NOTE);
		return 0;
	case 'o':
		request->options.output = argument;
		return 0;
	case KEY_FULL:
		request->options.full = true;
		return 0;
	case KEY_READ_ONLY:
		request->options.keep_names = false;
		return 0;
	case KEY_REQUIRE_COVERAGE:
		request->options.require_coverage = true;
		return 0;
	case ARGP_KEY_ARG:
		request->paths[request->path_count++] = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no PATH was given: name a recording (.hgr) or a folder of recordings");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int hg_command_report(int argc, char **argv)
{
	static const struct argp parser = {argp_options, parse, "PATH...", documentation, NULL, NULL, NULL};
	struct request request = {.options = hg_report_defaults()};

	request.options.program = argv[0];
	request.options.keep_names = true;
	request.paths = calloc((size_t)argc + 1, sizeof(*request.paths));
	argp_err_exit_status = obstack_exit_failure = HG_REPORT_UNABLE;
	if (!request.paths || argp_parse(&parser, argc, argv, 0, NULL, &request) != 0)
		return HG_REPORT_UNABLE;
	int status = hg_report(&request.options, request.paths, request.path_count, NULL, 0);
	free(request.paths);
	return status;
}
