#include "manifest/link_command.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "common/paths.h"
#include "common/suggest.h"
#include "manifest/link_archive.h"
#include "manifest/parse/read.h"
#include "manifest/shelf.h"
#include "program/elf/elf_file.h"
#include "program/elf/links.h"

enum { EXIT_NOT_LINKED = 1, EXIT_UNABLE = 2 };

enum { KEY_CHECK = 0x1000, KEY_LIBRARY, KEY_STATIC };

static const struct argp_option options[] = {
    {"output", 'o', "FOLDER", 0, "write there (default: the current folder)", 0},
    {"library", KEY_LIBRARY, "ARCHIVE", 0,
     "write the library's archive anew, too, so that what it calls itself is never taken for the program's", 0},
    {"static", KEY_STATIC, NULL, 0, "for programs that are fully static: with the runtime inside", 0},
    {"check", KEY_CHECK, "PROGRAM", 0, "write nothing: tell whether calls of this program lead through the archive", 0},
    {0}};

struct link_arguments {
	const char *manifest, *program;
	struct hg_link_options options;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct link_arguments *arguments = state->input;

	switch (key) {
	case 'o':
		arguments->options.folder = argument;
		return 0;
	case KEY_LIBRARY:
		arguments->options.library = argument;
		return 0;
	case KEY_STATIC:
		arguments->options.is_static = true;
		return 0;
	case KEY_CHECK:
		arguments->program = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->manifest)
			argp_error(state, "found '%s' after '%s', expected one manifest", argument,
			           arguments->manifest);
		arguments->manifest = argument;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->manifest)
			argp_error(state,
			           "no MANIFEST given: a path, or a name that 'handleguard manifest list' shows");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp link_argp = {
    .options = options,
    .parser = parse,
    .args_doc = "MANIFEST",
    .doc =
        "For programs that you build, with a library linked into them: writes libhandleguard-NAME.a, and NAME.link "
        "with the options by which the linker leads calls of the library's functions through it (-Wl,@NAME.link). A "
        "program so linked is guarded by 'handleguard run' though it is stripped; by itself it runs as ever, with a "
        "jump more for each such call."
        "\vMANIFEST is a path if it has a '/' or ends in .yaml, else the name of one on the shelf. The archive is made "
        "by $CC and $AR (cc and ar). With --check the exit status is 0 if calls lead through it, 1 if none does, 2 if "
        "it could not be found out.",
};

/* --- holding a program against it --- */

struct checking {
	const struct hg_manifest *manifest;
	size_t count;
};

static void count_link(void *context, const struct hg_linked *linked)
{
	struct checking *checking = context;

	for (size_t i = 0; linked->is_called && i < checking->manifest->function_count; i++)
		checking->count += strcmp(checking->manifest->functions[i].name, linked->function) == 0;
}

static int check(const struct hg_manifest *manifest, const char *program)
{
	struct checking checking = {.manifest = manifest};
	struct hg_elf_file file;

	if (!hg_elf_file_open(&file, program)) {
		fprintf(stderr, "handleguard: %s cannot be read as an ELF file\n", program);
		return EXIT_UNABLE;
	}
	hg_links_each(&file, count_link, &checking);
	hg_elf_file_close(&file);
	if (checking.count) {
		printf("%s: calls of %zu of %zu functions of '%s' lead through the archive\n", program, checking.count,
		       manifest->function_count, manifest->name);
		return EXIT_SUCCESS;
	}
	printf(
	    "%s: no call leads through the archive; link with -Wl,@%s.link and libhandleguard-%s.a, and without gcc's "
	    "-flto, which leaves --wrap out without a word (clang's does not)\n",
	    program, manifest->name, manifest->name);
	return EXIT_NOT_LINKED;
}

/* --- all of it --- */

static int write_archive(const struct hg_manifest *manifest, const struct hg_link_options *how)
{
	const char *slash = how->library ? strrchr(how->library, '/') : NULL;

	if (!hg_link_archive_write(manifest, how, stderr))
		return EXIT_UNABLE;
	printf("%s/libhandleguard-%s.a\n-Wl,@%s/%s.link\n", how->folder, manifest->name, how->folder, manifest->name);
	if (how->library)
		printf("%s/%s\n", how->folder, slash ? slash + 1 : how->library);
	return EXIT_SUCCESS;
}

int hg_command_link(int argc, char **argv)
{
	struct link_arguments arguments = {.options = {.folder = "."}};

	if (!hg_options_known(options, false, argc, argv))
		return EXIT_UNABLE;
	argp_parse(&link_argp, argc, argv, 0, NULL, &arguments);
	char *path = hg_manifest_find(arguments.manifest, hg_shelf_directory(), stderr);
	struct hg_manifest *manifest = path ? hg_manifest_read(path, stderr) : NULL;
	int status = EXIT_UNABLE;
	if (manifest)
		status = arguments.program ? check(manifest, arguments.program)
		                           : write_archive(manifest, &arguments.options);
	hg_manifest_free(manifest);
	free(path);
	return status;
}
