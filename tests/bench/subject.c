/* Programs that are measured as a whole, and print what they measured. */
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static double read_figure(int from)
{
	double figure;
	FILE *file = fdopen(from, "r");
	bool told = file && fscanf(file, "%lf", &figure) == 1;
	if (file)
		fclose(file);
	return told ? figure : NAN;
}

double hg_subject(enum hg_variant variant, char **argv)
{
	int pipe_ends[2], status;
	pid_t pid;
	posix_spawn_file_actions_t actions;
	if (pipe(pipe_ends) != 0)
		hg_die("no pipe for %s", argv[0]);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, pipe_ends[0]);
	int failed = posix_spawn(&pid, argv[0], &actions, NULL, argv, hg_environment(variant));
	posix_spawn_file_actions_destroy(&actions);
	close(pipe_ends[1]);
	if (failed)
		hg_die("%s cannot be started: %s", argv[0], strerror(failed));
	double figure = read_figure(pipe_ends[0]);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		hg_die("%s failed under \"%s\"", argv[0], hg_variant_name(variant));
	hg_scratch_empty();
	return figure;
}
