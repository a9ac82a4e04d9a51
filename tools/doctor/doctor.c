#include "doctor/doctor.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/suggest.h"
#include "doctor/answer.h"
#include "doctor/system.h"
#include "doctor/trial.h"
#include "program/elf/elf_separate.h"
#include "program/forecast.h"

enum { EXIT_UNABLE = 2, KEY_FORMAT = 0x1000, KEY_DEBUG_DIR };

struct request {
	const char *program;
	const char **manifests;
	size_t manifest_count;
	const char *folder;
	bool json;
	char **command;
};

static const struct argp_option options[] = {
    {"manifest", 'm', "MANIFEST", 0,
     "what to guard: a name on the shelf, a YAML file, or a preload object made of one; may be given several times", 0},
    {"format", KEY_FORMAT, "text|json", 0, "how the answer is written (text)", 0},
    {"debug-dir", KEY_DEBUG_DIR, "DIR", 0,
     "folder of files that were separated from stripped objects, as of run (/usr/lib/debug is one, too)", 0},
    {"output", 'o', "DIR", 0, "the folder for recordings that the run will have (a temporary one)", 0},
    {0},
};

static error_t choose_format(struct request *request, const char *word)
{
	request->json = strcmp(word, "json") == 0;
	if (request->json || strcmp(word, "text") == 0)
		return 0;
	fprintf(stderr, "%s: --format is '%s', but must be one of text, json\n", request->program, word);
	return EINVAL;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case 'm':
		request->manifests[request->manifest_count++] = text;
		return 0;
	case 'o':
		request->folder = text;
		return 0;
	case KEY_DEBUG_DIR:
		setenv(HG_DEBUG_DIR_VARIABLE, text, 1);
		return 0;
	case KEY_FORMAT:
		return choose_format(request, text);
	case ARGP_KEY_ARG:
		/* The command begins here; its own options are not ours to read. */
		request->command = state->argv + state->next - 1;
		state->next = state->argc;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "-m MANIFEST -- COMMAND [ARGUMENT...]",
    .doc = "Says before a run what will be seen of COMMAND and what will not, without running it: which libraries it "
           "loads at its start, which of them define the guarded functions, and whether the machine has what guards "
           "need.\v"
           "Exit status: 0 if calls of guarded functions will be seen; 1 if none will, as far as can be known; 2 if "
           "that cannot be told, or the command cannot be run. Of several manifests the worst decides.",
};

static bool read_command_line(struct request *request, int argc, char **argv)
{
	request->manifests = calloc((size_t)argc + 1, sizeof(*request->manifests));
	if (!request->manifests || !hg_options_known(options, true, argc, argv) ||
	    argp_parse(&parser, argc, argv, ARGP_IN_ORDER, NULL, request) != 0)
		return false;
	if (request->manifest_count == 0)
		fprintf(stderr, "%s: no manifest was given; say what to guard with -m\n", request->program);
	else if (!request->command)
		fprintf(stderr, "%s: no command was given; write it after --, as in %s -m MANIFEST -- COMMAND\n",
		        request->program, request->program);
	return request->manifest_count > 0 && request->command;
}

static int examine(const struct request *request)
{
	struct hg_forecast forecast;
	int status = EXIT_UNABLE;

	if (hg_forecast_make(&forecast, request->program, request->manifests, request->manifest_count,
	                     request->command[0])) {
		hg_system_check(&forecast, request->manifests, request->manifest_count, request->folder);
		if (request->json)
			hg_answer_print_json(stdout, &forecast, request->command);
		else
			hg_answer_print_text(stdout, &forecast);
		status = (int)forecast.verdict;
	}
	hg_forecast_drop(&forecast);
	return status;
}

int hg_command_doctor(int argc, char **argv)
{
	struct request request = {.program = argv[0], .folder = getenv("HANDLEGUARD_OUTPUT")};
	int status = EXIT_UNABLE;

	if (argc == 2 && strcmp(argv[1], "--try") == 0)
		return hg_trial_try();
	argp_err_exit_status = EXIT_UNABLE;
	if (read_command_line(&request, argc, argv))
		status = examine(&request);
	free(request.manifests);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "%s: standard output: cannot be written: %s\n", request.program, strerror(errno));
	return EXIT_UNABLE;
}
