#include "manifest/lint_command.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/nearest.h"
#include "common/paths.h"
#include "common/suggest.h"
#include "manifest/check/check.h"
#include "manifest/lint/lint.h"
#include "manifest/parse/read.h"
#include "manifest/shelf.h"

enum { EXIT_WARNINGS = 1, EXIT_UNABLE = 2 };

enum { KEY_SILENCE = 0x1000, KEY_LIBRARY };

static const struct argp_option options[] = {
    {"silence", KEY_SILENCE, "ID", 0, "do not warn of this; may be given several times", 0},
    {"library", KEY_LIBRARY, "LIBRARY", 0,
     "tell also which functions this library lacks: a path, or a soname such as libx.so.1", 0},
    {0}};

struct lint_arguments {
	const char *program;
	char **manifests;
	int count;
	bool silenced[HG_LINT_RULES];
	const char *library; /* null: none was given */
	struct hg_exports exports;
};

static error_t silence(struct lint_arguments *arguments, const char *id)
{
	for (size_t i = 0; i < HG_LINT_RULES; i++)
		if (strcmp(id, hg_lint_ids[i]) == 0) {
			arguments->silenced[i] = true;
			return 0;
		}
	const char *nearest = hg_nearest(id, hg_lint_ids, HG_LINT_RULES);
	fprintf(stderr, "%s: --silence is '%s', but no warning has that id%s%s%s\n", arguments->program, id,
	        nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
	return EINVAL;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct lint_arguments *arguments = state->input;

	switch (key) {
	case KEY_SILENCE:
		return silence(arguments, argument);
	case KEY_LIBRARY:
		arguments->library = argument;
		return 0;
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
    .options = options,
    .parser = parse,
    .args_doc = "MANIFEST...",
    .doc = "Warns of what is legal in a manifest but unwise, a line a warning: "
           "FILE:LINE:COLUMN: warning: SENTENCE [ID]. The manual of the manifest's format says what each ID means."
           "\vMANIFEST is a path if it has a '/' or ends in .yaml, else the name of one on the shelf.\n\n"
           "The exit status is 0 if there is nothing to warn of, 1 after warnings, 2 if one is not a valid manifest.",
};

static int lint_one(const char *name, const struct lint_arguments *arguments)
{
	char *path = hg_manifest_find(name, hg_shelf_directory(), stderr);
	struct hg_manifest *manifest = path ? hg_manifest_read(path, stderr) : NULL;
	struct hg_checked checked = {.manifest = manifest, .exports = &arguments->exports};
	int status = EXIT_UNABLE;

	if (manifest) {
		size_t count = hg_manifest_lint(manifest, arguments->silenced, stdout);
		if (arguments->library)
			count += hg_manifest_check_presence(&checked, stdout);
		status = count ? EXIT_WARNINGS : EXIT_SUCCESS;
	}
	hg_manifest_free(manifest);
	free(path);
	return status;
}

int hg_command_lint(int argc, char **argv)
{
	struct lint_arguments arguments = {.program = argv[0]};
	int worst = EXIT_SUCCESS;

	if (!hg_options_known(options, false, argc, argv))
		return EXIT_UNABLE;
	if (argp_parse(&lint_argp, argc, argv, 0, NULL, &arguments) != 0)
		return EXIT_UNABLE;
	if (arguments.library && !hg_exports_read(&arguments.exports, arguments.library, stderr))
		return EXIT_UNABLE;
	for (int i = 0; i < arguments.count; i++) {
		int status = lint_one(arguments.manifests[i], &arguments);
		worst = status > worst ? status : worst;
	}
	hg_exports_drop(&arguments.exports);
	return worst;
}
