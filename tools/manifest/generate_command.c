#include "manifest/generate_command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "common/file_text.h"
#include "common/suggest.h"
#include "manifest/generate/narrow.h"
#include "manifest/generate/print.h"
#include "manifest/generate/update.h"
#include "manifest/library_source.h"
#include "manifest/parse/read.h"
#include "manifest/prototype/from_names.h"

enum { EXIT_UNABLE = 2 };

enum { KEY_UPDATE = 0x2000, KEY_FROM_PROGRAM };

static const struct argp_option options[] = {
    HG_LIBRARY_OPTIONS,
    {"output", 'o', "FILE", 0, "write the manifest there (default: standard output)", 0},
    {"update", KEY_UPDATE, "MANIFEST", 0,
     "write this manifest as it stands, with what the library has besides; says which functions are new and which gone",
     0},
    {"from-program", KEY_FROM_PROGRAM, "PROGRAM", 0,
     "only what this program or extension module imports, and what creates and frees the handles that it uses", 0},
    {0}};

struct generate_arguments {
	const char *output;
	const char *update;  /* null: a new manifest */
	const char *program; /* null: all of the library */
	struct hg_library_source source;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct generate_arguments *arguments = state->input;

	if (key == 'o')
		arguments->output = text;
	else if (key == KEY_UPDATE)
		arguments->update = text;
	else if (key == KEY_FROM_PROGRAM)
		arguments->program = text;
	else if (key == ARGP_KEY_ARG)
		argp_error(state, "found '%s', expected no argument; the compiler's flags come after --", text);
	else
		return hg_library_source_parse(&arguments->source, key, text, state);
	return 0;
}

static const struct argp generate_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "--library LIBRARY [--header HEADER]... [-- CFLAG...]",
    .doc = "Writes a manifest of a library, from what its headers declare and its file exports: classes of handles, "
           "what creates, "
           "uses and frees them, results, arguments on the stack. What is inferred has its reason beside it, and what "
           "only a "
           "person can know is a numbered question at the end. The same input gives the same manifest."
           "\vHeaders are read with libclang (Debian: libclang-dev), with the CFLAGs. Without a header the library's "
           "debugging information tells the types; without that there are names only, and each argument is a guess.\n\n"
           "The exit status is 0, or 2 if no manifest could be written.",
};

static char *basis_of(const struct hg_library_source *source, bool by_names)
{
	const char *own = by_names ? "the names of its functions" : "its debugging information";
	char *text = source->header_count ? hg_copy_text("", 0) : hg_format("%s", own);

	for (size_t i = 0; i < source->header_count; i++) {
		char *longer = hg_format("%s%s%s", text, i ? ", " : "", source->headers[i]);
		free(text);
		text = longer;
	}
	return text;
}

/* The guess may be about what a program imports; what is gone from the library is told of all of it. */
static bool update(const struct generate_arguments *arguments, struct hg_guess *guess,
                   const struct hg_prototypes *prototypes, const struct hg_manifest *manifest, const char *text,
                   FILE *out)
{
	struct hg_exports all;
	bool good = hg_exports_read(&all, arguments->source.library, stderr) &&
	            hg_guess_update(guess, &all, prototypes, manifest, text, out, stderr);

	hg_exports_drop(&all);
	return good;
}

/* The manifest's text, new or updated; null: it could not be made, and why has been said. */
static char *make_text(const struct generate_arguments *arguments, struct hg_guess *guess,
                       const struct hg_prototypes *prototypes)
{
	char *text = NULL, *old = NULL;
	size_t size = 0;
	bool good = true;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	if (!arguments->update) {
		hg_guess_print(guess, prototypes, out);
	} else {
		struct hg_manifest *manifest = hg_manifest_read(arguments->update, stderr);
		old = manifest ? hg_file_text(arguments->update, "manifest", HG_MOST_YAML, &size, stderr) : NULL;
		good = old && update(arguments, guess, prototypes, manifest, old, out);
		hg_manifest_free(manifest);
	}
	fclose(out);
	free(old);
	if (good)
		return text;
	free(text);
	return NULL;
}

static int write_to(const char *path, const char *text)
{
	FILE *out = path ? fopen(path, "we") : stdout;

	if (out)
		fputs(text, out);
	if (out && fflush(out) == 0 && !ferror(out) && (!path || fclose(out) == 0))
		return EXIT_SUCCESS;
	fprintf(stderr, "%s: the manifest cannot be written: %s\n", path ? path : "standard output", strerror(errno));
	return EXIT_UNABLE;
}

/* Infers from all of the library; then, if that is wanted, once more from what a program needs of it. */
static bool guess_all(const struct generate_arguments *arguments, const char *basis, struct hg_guess *guess,
                      struct hg_exports *exports, struct hg_prototypes *prototypes)
{
	bool by_names = !prototypes->table;

	if (by_names)
		hg_names_read(prototypes, exports->names, exports->count);
	hg_guess_make(guess, basis, by_names, exports, prototypes, NULL);
	if (!arguments->program)
		return true;
	bool good = hg_guess_narrow(guess, exports, arguments->program, stderr);
	hg_guess_drop(guess);
	hg_guess_make(guess, basis, by_names, exports, prototypes, NULL);
	return good;
}

static int generate(const struct generate_arguments *arguments)
{
	struct hg_exports exports = {0};
	struct hg_prototypes prototypes = {0};
	struct hg_guess guess;
	int status = EXIT_UNABLE;

	if (hg_library_source_read(&arguments->source, &exports, &prototypes)) {
		char *basis = basis_of(&arguments->source, !prototypes.table);
		char *text = guess_all(arguments, basis, &guess, &exports, &prototypes)
		                 ? make_text(arguments, &guess, &prototypes)
		                 : NULL;
		if (text)
			status = write_to(arguments->output, text);
		free(text);
		hg_guess_drop(&guess);
		free(basis);
	}
	hg_prototypes_drop(&prototypes);
	hg_exports_drop(&exports);
	return status;
}

int hg_command_generate(int argc, char **argv)
{
	struct generate_arguments arguments = {0};
	int status = EXIT_UNABLE;

	int own = hg_library_source_begin(&arguments.source, argc, argv);
	if (hg_options_known(options, false, own, argv) &&
	    argp_parse(&generate_argp, own, argv, 0, NULL, &arguments) == 0)
		status = generate(&arguments);
	hg_library_source_end(&arguments.source);
	return status;
}
