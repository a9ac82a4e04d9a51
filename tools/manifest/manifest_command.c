#include "manifest/manifest_command.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "common/host.h"
#include "common/nearest.h"
#include "common/paths.h"
#include "common/suggest.h"
#include "manifest/check_command.h"
#include "manifest/generate_command.h"
#include "manifest/learn_command.h"
#include "manifest/link_command.h"
#include "manifest/lint_command.h"
#include "manifest/object/elf_machine.h"
#include "manifest/object/preload_image.h"
#include "manifest/object/preload_object.h"
#include "manifest/parse/read.h"
#include "manifest/shelf.h"

enum { EXIT_UNABLE = 2 };

static const struct argp_option no_options[] = {{0}};

/* ---- Manifest build ---- */

struct build_arguments {
	const char *manifest;
	const char *output;
	const struct hg_machine *machine;
};

static const struct argp_option build_options[] = {
    {"output", 'o', "OBJECT", 0, "write the object there (default: handleguard-NAME.so in the current folder)", 0},
    {"machine", 'm', "MACHINE", 0, "build for x86_64 or aarch64 (default: the machine of this program)", 0},
    {0},
};

static error_t parse_build(int key, char *argument, struct argp_state *state)
{
	struct build_arguments *arguments = state->input;

	switch (key) {
	case 'o':
		arguments->output = argument;
		return 0;
	case 'm':
		arguments->machine = hg_machine_named(argument);
		if (!arguments->machine)
			argp_error(state, "found --machine=%s, expected x86_64 or aarch64", argument);
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

static const struct argp build_argp = {
    .options = build_options,
    .parser = parse_build,
    .args_doc = "MANIFEST",
    .doc = "Builds the preload object of a manifest: LD_PRELOAD=./handleguard-NAME.so PROGRAM guards PROGRAM's handles."
           "\vMANIFEST is a path if it has a '/' or ends in .yaml, else the name of one on the shelf. The object finds "
           "the runtime where this program's is, or else beside itself; one for another machine only beside itself.",
};

static int run_build(int argc, char **argv)
{
	struct build_arguments arguments = {.machine = hg_machine_find(HG_HOST_MACHINE)};

	if (!hg_options_known(build_options, false, argc, argv))
		return EXIT_UNABLE;
	argp_parse(&build_argp, argc, argv, 0, NULL, &arguments);
	char *path = hg_manifest_find(arguments.manifest, hg_shelf_directory(), stderr);
	struct hg_manifest *manifest = path ? hg_manifest_read(path, stderr) : NULL;
	free(path);
	if (!manifest)
		return EXIT_UNABLE;
	/* NAME.so would be taken for the module NAME by every Python program of this folder; no module has a hyphen. */
	char *output =
	    arguments.output ? hg_format("%s", arguments.output) : hg_format("handleguard-%s.so", manifest->name);
	bool foreign = arguments.machine->elf_machine != HG_HOST_MACHINE;
	struct hg_image *image = hg_manifest_image(manifest, arguments.machine->elf_machine);
	int result = hg_object_write(image, foreign ? "" : hg_runtime_directory(), output, stderr);
	free(image);
	free(output);
	hg_manifest_free(manifest);
	return result < 0 ? EXIT_UNABLE : EXIT_SUCCESS;
}

/* ---- Manifest list ---- */

static error_t parse_list(int key, char *argument, struct argp_state *state)
{
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	argp_error(state, "found '%s', expected no argument", argument);
	return 0;
}

static const struct argp list_argp = {
    .parser = parse_list,
    .doc = "Lists the ready-made manifests: name, the libraries each describes, and how many functions it guards.",
};

static int run_list(int argc, char **argv)
{
	if (!hg_options_known(no_options, false, argc, argv))
		return EXIT_UNABLE;
	argp_parse(&list_argp, argc, argv, 0, NULL, NULL);
	return hg_shelf_list(hg_shelf_directory(), stdout, stderr) < 0 ? EXIT_UNABLE : EXIT_SUCCESS;
}

/* ---- Manifest ---- */

static const struct subcommand {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} subcommands[] = {
    {"build", run_build, "build the preload object of a manifest"},
    {"check", hg_command_check, "hold a manifest against its library and its headers"},
    {"generate", hg_command_generate, "write a manifest of a library, from its headers"},
    {"learn", hg_command_learn, "run a program, and propose what its manifest lacks"},
    {"link", hg_command_link, "write what leads the calls of a program that you link through guards"},
    {"lint", hg_command_lint, "warn of what is legal in manifests but unwise"},
    {"list", run_list, "list the ready-made manifests"},
};

enum { SUBCOMMANDS = sizeof(subcommands) / sizeof(*subcommands) };

static char *list_subcommands(int key, const char *text, void *input)
{
	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	char *list = hg_copy_text("Commands:\n", 16);
	for (size_t i = 0; i < SUBCOMMANDS; i++) {
		char *longer = hg_format("%s  %-10s %s\n", list, subcommands[i].name, subcommands[i].help);
		free(list);
		list = longer;
	}
	char *whole = hg_format("%s\n'handleguard manifest COMMAND --help' tells more of each.", list);
	free(list);
	return whole;
}

static const struct subcommand *find_subcommand(const char *name, struct argp_state *state)
{
	const char *names[SUBCOMMANDS];

	for (size_t i = 0; i < SUBCOMMANDS; i++) {
		names[i] = subcommands[i].name;
		if (strcmp(name, names[i]) == 0)
			return &subcommands[i];
	}
	const char *meant = hg_nearest(name, names, SUBCOMMANDS);
	argp_error(state, meant ? "unknown command '%s', did you mean '%s'?" : "unknown command '%s'", name, meant);
	return NULL;
}

struct chosen {
	const struct subcommand *subcommand;
	int first; /* index in argv of its name */
};

static error_t parse_subcommand(int key, char *argument, struct argp_state *state)
{
	struct chosen *chosen = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		chosen->subcommand = find_subcommand(argument, state);
		chosen->first = state->next - 1;
		state->next = state->argc; /* the rest is the subcommand's */
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no COMMAND given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp manifest_argp = {
    .parser = parse_subcommand,
    .args_doc = "COMMAND [ARGUMENT...]",
    .doc = "Manifests say which functions of a library create, use and end which handles.\v",
    .help_filter = list_subcommands,
};

int hg_command_manifest(int argc, char **argv)
{
	struct chosen chosen = {0};

	argp_err_exit_status = EXIT_UNABLE;
	argv[0] = (char *)"handleguard manifest";
	if (!hg_options_known(no_options, true, argc, argv))
		return EXIT_UNABLE;
	argp_parse(&manifest_argp, argc, argv, ARGP_IN_ORDER, NULL, &chosen);
	if (!chosen.subcommand)
		return EXIT_UNABLE;
	char *name = hg_format("handleguard manifest %s", chosen.subcommand->name);
	argv[chosen.first] = name;
	int status = chosen.subcommand->run(argc - chosen.first, argv + chosen.first);
	free(name);
	return status;
}
