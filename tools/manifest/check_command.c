#include "manifest/check_command.h"

#include <stdlib.h>

#include "common/paths.h"
#include "common/suggest.h"
#include "manifest/check/check.h"
#include "manifest/library_source.h"
#include "manifest/parse/read.h"
#include "manifest/shelf.h"

enum { EXIT_FAULTS = 1, EXIT_UNABLE = 2 };

static const struct argp_option options[] = {HG_LIBRARY_OPTIONS, {0}};

struct check_arguments {
	const char *manifest;
	struct hg_library_source source;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct check_arguments *arguments = state->input;

	if (key == ARGP_KEY_END && !arguments->manifest)
		argp_error(state, "no MANIFEST given: a path, or a name that 'handleguard manifest list' shows");
	if (key != ARGP_KEY_ARG)
		return hg_library_source_parse(&arguments->source, key, text, state);
	if (arguments->manifest)
		argp_error(state, "found '%s' after '%s', expected one manifest; the compiler's flags come after --",
		           text, arguments->manifest);
	arguments->manifest = text;
	return 0;
}

static const struct argp check_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "MANIFEST --library LIBRARY [--header HEADER]... [-- CFLAG...]",
    .doc = "Holds a manifest against its library, a line for each thing that is wrong: FILE:LINE:COLUMN: error: "
           "SENTENCE [ID]. Functions that the library has not; with headers also functions that take a handle and are "
           "not named, frees of what is no class, types that do not match, and bytes of arguments on the stack. The "
           "manual of the manifest's format says what each ID means."
           "\vMANIFEST is a path if it has a '/' or ends in .yaml, else the name of one on the shelf. Headers are read "
           "with libclang (Debian: libclang-dev), with the CFLAGs. Without one, the library's debugging information "
           "tells the "
           "types, if there is any.\n\n"
           "The exit status is 0 if nothing is wrong, 1 if something is, 2 if it could not be found out.",
};

static int check(const struct check_arguments *arguments, const struct hg_manifest *manifest)
{
	struct hg_exports exports = {0};
	struct hg_prototypes prototypes = {0};
	struct hg_checked checked = {.manifest = manifest, .exports = &exports};
	int status = EXIT_UNABLE;

	if (hg_library_source_read(&arguments->source, &exports, &prototypes)) {
		checked.prototypes = prototypes.table ? &prototypes : NULL;
		status = hg_manifest_check(&checked, stdout) ? EXIT_FAULTS : EXIT_SUCCESS;
	}
	hg_prototypes_drop(&prototypes);
	hg_exports_drop(&exports);
	return status;
}

int hg_command_check(int argc, char **argv)
{
	struct check_arguments arguments = {0};
	int status = EXIT_UNABLE;

	int own = hg_library_source_begin(&arguments.source, argc, argv);
	if (hg_options_known(options, false, own, argv) &&
	    argp_parse(&check_argp, own, argv, 0, NULL, &arguments) == 0) {
		char *path = hg_manifest_find(arguments.manifest, hg_shelf_directory(), stderr);
		struct hg_manifest *manifest = path ? hg_manifest_read(path, stderr) : NULL;
		if (manifest)
			status = check(&arguments, manifest);
		hg_manifest_free(manifest);
		free(path);
	}
	hg_library_source_end(&arguments.source);
	return status;
}
