/* `handleguard manifest lint`. */
#define _GNU_SOURCE
#include <argp.h>
#include <stdlib.h>

#include "lint.h"
#include "manifest.h"
#include "paths.h"
#include "suggest.h"

enum { EXIT_WARNINGS = 1, EXIT_UNABLE = 2 };

static const struct argp_option no_options[] = {{0}};

struct lint_arguments {
	char **manifests;
	int count;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct lint_arguments *arguments = state->input;

	(void)argument;
	switch (key) {
	case ARGP_KEY_ARGS:
		arguments->manifests = state->argv + state->next;
		arguments->count = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no MANIFEST given: a path, or a name that 'handleguard manifest list' shows");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp lint_argp = {
    .parser = parse,
    .args_doc = "MANIFEST...",
    .doc = "Warns of what is legal in a manifest but unwise, a line a warning: "
           "FILE:LINE:COLUMN: warning: NAME: key 'KEY': found ..., wiser ..."
           "\vMANIFEST is a path if it has a '/' or ends in .yaml, else the name of one on the shelf.\n\n"
           "The exit status is 0 if there is nothing to warn of, 1 after warnings, 2 if one is not a valid manifest.",
};

static int lint_one(const char *name)
{
	char *path = hg_manifest_find(name, hg_shelf_directory(), stderr);
	struct hg_manifest *manifest = path ? hg_manifest_read(path, stderr) : NULL;
	int status = EXIT_UNABLE;

	if (manifest)
		status = hg_manifest_lint(manifest, stdout) ? EXIT_WARNINGS : EXIT_SUCCESS;
	hg_manifest_free(manifest);
	free(path);
	return status;
}

int hg_command_lint(int argc, char **argv)
{
	struct lint_arguments arguments = {0};
	int worst = EXIT_SUCCESS;

	if (!hg_options_known(no_options, false, argc, argv))
		return EXIT_UNABLE;
	argp_parse(&lint_argp, argc, argv, 0, NULL, &arguments);
	for (int i = 0; i < arguments.count; i++) {
		int status = lint_one(arguments.manifests[i]);
		worst = status > worst ? status : worst;
	}
	return worst;
}
