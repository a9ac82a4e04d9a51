#include "manifest/learn_command.h"

#include <argp.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/allocate.h"
#include "common/paths.h"
#include "common/suggest.h"
#include "manifest/generate/guess.h"
#include "manifest/learn/observed.h"
#include "manifest/learn/propose.h"
#include "manifest/library_source.h"
#include "manifest/parse/read.h"
#include "manifest/prototype/from_names.h"
#include "manifest/shelf.h"

extern char **environ;

enum { EXIT_PROPOSED = 1, EXIT_UNABLE = 2 };

enum { KEY_HEADER = 0x3000, KEY_CFLAG };

static const struct argp_option options[] = {
    {"manifest", 'm', "MANIFEST", 0, "what to guard, and to learn about: a name on the shelf, or a YAML file", 0},
    {"header", KEY_HEADER, "HEADER", 0,
     "a header of the library: a path, or what stands between < and >; may be given several times", 0},
    {"cflag", KEY_CFLAG, "FLAG", 0,
     "a flag of the compiler for the headers, such as -I/opt/x; may be given several times", 0},
    {0},
};

struct learn_arguments {
	const char *program;
	const char *manifest;
	struct hg_library_source source;
	char **command;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct learn_arguments *arguments = state->input;
	struct hg_library_source *source = &arguments->source;

	switch (key) {
	case 'm':
		if (arguments->manifest)
			argp_error(state, "found a second manifest, '%s'; learn about one at a time", text);
		arguments->manifest = text;
		return 0;
	case KEY_HEADER:
		source->headers[source->header_count++] = text;
		return 0;
	case KEY_CFLAG:
		source->flags[source->flag_count++] = text;
		return 0;
	case ARGP_KEY_ARG:
		/* The command begins here; its own options are not ours to read. */
		arguments->command = state->argv + state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->manifest || !arguments->command)
			argp_error(state, !arguments->manifest ? "no manifest was given; say which one with -m"
			                                       : "no command was given; write it after --");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp learn_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "-m MANIFEST -- COMMAND [ARGUMENT...]",
    .doc =
        "Runs COMMAND in observe mode, and proposes lines that MANIFEST lacks: functions of the library that the "
        "program uses beside the handles and that are not named, with what the run shows of them: handles that no "
        "create handed out, handles that nothing freed, or that came again; and 'quarantine' for classes whose "
        "addresses were used by calls that came late."
        "\vWhat a function does is told by HEADERs, with the FLAGs, or else by the library's debugging information, or "
        "else by names. Functions that are only looked up by name (dlsym) are not seen.\n\n"
        "The lines are on standard output, behind what the program has written there. The exit status is 0 if there is "
        "nothing to propose, 1 if there is, 2 if that could not be found out.",
};

/* ---- The run ---- */

/* The words of `handleguard run`; to be freed. */
static char **run_words(const struct learn_arguments *arguments, const char *report)
{
	static const char *const own[] = {"handleguard",        "run",           "--mode=observe", "--fail-on=error",
	                                  "--error-exitcode=0", "--no-headline", "--format=json",  "--report"};
	size_t count = sizeof(own) / sizeof(*own), command = 0;

	while (arguments->command[command])
		command++;
	char **words = hg_allocate(count + command + 5, sizeof(*words));
	for (size_t i = 0; i < count; i++)
		words[i] = (char *)own[i];
	words[count++] = (char *)report;
	words[count++] = (char *)"-m";
	words[count++] = (char *)arguments->manifest;
	words[count++] = (char *)"--";
	memcpy(words + count, arguments->command, command * sizeof(*words));
	return words;
}

/* The program may fail: what it has done until then counts. False if it could not be run. */
static bool run(const struct learn_arguments *arguments, const char *report)
{
	char **words = run_words(arguments, report);
	int status = 0;
	pid_t child;
	int error = posix_spawn(&child, "/proc/self/exe", NULL, NULL, words, environ);

	free(words);
	while (error == 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (error != 0)
		fprintf(stderr, "%s: the run could not be started: %s\n", arguments->program, strerror(error));
	return error == 0;
}

static bool observe(const struct learn_arguments *arguments, struct hg_observed *observed)
{
	const char *folder = getenv("TMPDIR");
	char *report = hg_format("%s/handleguard-learn-XXXXXX", folder && *folder ? folder : "/tmp");
	int fd = mkstemp(report);
	struct stat status;
	/* Where there is no report, the run has said why. */
	bool good = fd >= 0 && run(arguments, report) && stat(report, &status) == 0 && status.st_size > 0 &&
	            hg_observed_read(observed, report, stderr);

	if (fd < 0)
		fprintf(stderr, "%s: %s: %s\n", arguments->program, report, strerror(errno));
	else
		close(fd);
	unlink(report);
	free(report);
	return good;
}

/* ---- What it tells ---- */

static int learn(struct learn_arguments *arguments, const struct hg_manifest *manifest,
                 const struct hg_observed *observed)
{
	struct hg_exports exports = {0};
	struct hg_prototypes prototypes = {0};
	struct hg_guess guess;
	int status = EXIT_UNABLE;

	if (!observed->library || !observed->is_called)
		return EXIT_UNABLE; /* the run has said that nothing was covered */
	arguments->source.library = observed->library;
	if (hg_library_source_read(&arguments->source, &exports, &prototypes)) {
		bool by_names = !prototypes.table;
		if (by_names)
			hg_names_read(&prototypes, exports.names, exports.count);
		hg_guess_make(&guess, "", by_names, &exports, &prototypes, manifest);
		status = hg_propose(&guess, &prototypes, manifest, observed, stdout) > 0 ? EXIT_PROPOSED : EXIT_SUCCESS;
		hg_guess_drop(&guess);
	}
	hg_prototypes_drop(&prototypes);
	hg_exports_drop(&exports);
	return status;
}

static int find_and_learn(struct learn_arguments *arguments)
{
	char *path = hg_manifest_find(arguments->manifest, hg_shelf_directory(), stderr);
	struct hg_manifest *manifest = path ? hg_manifest_read(path, stderr) : NULL;
	struct hg_observed observed = {0};
	int status = EXIT_UNABLE;

	if (manifest && observe(arguments, &observed))
		status = learn(arguments, manifest, &observed);
	hg_observed_drop(&observed);
	hg_manifest_free(manifest);
	free(path);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "%s: standard output: cannot be written: %s\n", arguments->program, strerror(errno));
	return EXIT_UNABLE;
}

int hg_command_learn(int argc, char **argv)
{
	struct learn_arguments arguments = {.program = argv[0]};
	int status = EXIT_UNABLE;

	arguments.source.headers = hg_allocate((size_t)argc, sizeof(*arguments.source.headers));
	arguments.source.flags = hg_allocate((size_t)argc, sizeof(*arguments.source.flags));
	if (hg_options_known(options, true, argc, argv) &&
	    argp_parse(&learn_argp, argc, argv, ARGP_IN_ORDER, NULL, &arguments) == 0)
		status = find_and_learn(&arguments);
	free(arguments.source.flags);
	hg_library_source_end(&arguments.source);
	return status;
}
