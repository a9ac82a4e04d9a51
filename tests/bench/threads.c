/* What threads cost that make one guarded call each, in a program of its own each time: what ended threads leave behind
 * for the next ones is part of it. */
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static double read_ms(int from)
{
	unsigned long long ns;
	FILE *file = fdopen(from, "r");
	bool told = file && fscanf(file, "%llu", &ns) == 1;
	if (file)
		fclose(file);
	return told ? (double)ns / 1e6 : NAN;
}

static double run(enum hg_variant variant, unsigned count, const char *order)
{
	char number[16];
	char *argv[] = {(char *)HG_MANY_THREADS, number, (char *)order, NULL};
	int pipe_ends[2], status;
	pid_t pid;
	posix_spawn_file_actions_t actions;
	snprintf(number, sizeof number, "%u", count);
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
	double ms = read_ms(pipe_ends[0]);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		hg_die("%s failed under \"%s\"", argv[0], hg_variant_name(variant));
	hg_scratch_empty();
	return ms;
}

double hg_work_threads_together(enum hg_variant variant, unsigned count)
{
	return run(variant, count, "together");
}

double hg_work_threads_in_turn(enum hg_variant variant, unsigned count)
{
	return run(variant, count, "in-turn");
}
