/* handleguard: the table of subcommands. */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/nearest.h"
#include "doctor/doctor.h"
#include "go/go.h"
#include "manifest/manifest_command.h"
#include "report/report_command.h"
#include "run/clean.h"
#include "run/run.h"
#include "top/top_command.h"

enum { EXIT_UNABLE = 2 };

static int command_help(int argc, char **argv);
static int command_version(int argc, char **argv);

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
    {"run", hg_command_run, "run a program with its native handles guarded, then report what raced"},
    {"go", hg_command_go, "run `go test` with the native handles of the tests guarded, then report what raced"},
    {"doctor", hg_command_doctor, "say before a run what will be seen of a program, and what will not"},
    {"report", hg_command_report, "tell what recordings hold, also that of a program still running"},
    {"top", hg_command_top, "show what guarded processes are doing"},
    {"manifest", hg_command_manifest, "build, check and list the descriptions of libraries"},
    {"clean", hg_command_clean, "remove what runs have left: objects in the cache, recordings"},
    {"help", command_help, "tell about one of these: handleguard help COMMAND"},
    {"version", command_version, "print the version"},
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(*commands) };

static void print_overview(FILE *out)
{
	fputs(
	    "Usage: handleguard COMMAND [ARGUMENT...]\n"
	    "Guards the handles of native libraries against frees that race with calls, under unmodified programs.\n\n",
	    out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
	fputs("\nhandleguard COMMAND --help tells about the options of one.\n", out);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(name, commands[i].name) == 0)
			return &commands[i];
	return NULL;
}

static int say_unknown(const char *name)
{
	const char *words[COMMAND_COUNT], *options[] = {"--help", "--version"};
	bool is_option = name[0] == '-';

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		words[i] = commands[i].name;
	const char *nearest = is_option ? hg_nearest(name, options, 2) : hg_nearest(name, words, COMMAND_COUNT);
	if (is_option)
		fprintf(stderr, "handleguard: there is no option %s before the command; ", name);
	else
		fprintf(stderr, "handleguard: there is no command '%s'; ", name);
	if (nearest)
		fprintf(stderr, is_option ? "did you mean %s?\n" : "did you mean '%s'?\n", nearest);
	else
		fputs("handleguard --help lists them\n", stderr);
	return EXIT_UNABLE;
}

/* Runs one command; it sees "handleguard NAME" as its own name, which its messages and its usage begin with. */
static int run_command(const struct command *command, int argc, char **argv)
{
	char name[64];

	snprintf(name, sizeof(name), "handleguard %s", command->name);
	/* cppcheck-suppress autoVariables; the arguments are not used after this call */
	argv[0] = name;
	return command->run(argc, argv);
}

static int command_help(int argc, char **argv)
{
	if (argc < 2) {
		print_overview(stdout);
		return EXIT_SUCCESS;
	}
	const struct command *command = find_command(argv[1]);
	if (!command)
		return say_unknown(argv[1]);
	if (command->run == command_help || command->run == command_version) {
		printf("handleguard %s: %s\n", command->name, command->help);
		return EXIT_SUCCESS;
	}
	char *ask[] = {NULL, (char[]){"--help"}, NULL};
	return run_command(command, 2, ask);
}

static int command_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("handleguard " HG_VERSION);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	argp_err_exit_status = EXIT_UNABLE;
	if (argc < 2) {
		print_overview(stderr);
		return EXIT_UNABLE;
	}
	const char *name = argv[1];
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	else if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
		name = "version";
	const struct command *command = find_command(name);
	if (!command)
		return say_unknown(name);
	return run_command(command, argc - 1, argv + 1);
}
