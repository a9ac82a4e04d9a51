/* Programs that are run as a whole, some of which print what they measured. */
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "scratch.h"

static double read_figure(int from)
{
	double figure;
	FILE *file = fdopen(from, "r");
	bool told = file && fscanf(file, "%lf", &figure) == 1;
	if (file)
		fclose(file);
	return told ? figure : NAN;
}

static pid_t start(enum hg_variant variant, char **argv, posix_spawn_file_actions_t *actions)
{
	pid_t pid;
	int failed = posix_spawn(&pid, argv[0], actions, NULL, argv, hg_environment(variant));
	posix_spawn_file_actions_destroy(actions);
	if (failed)
		hg_die("%s cannot be started: %s", argv[0], strerror(failed));
	return pid;
}

/* Findings are none of its business, so a report may say by its status that there are some. */
static void wait_for(pid_t pid, enum hg_variant variant, const char *name, int worst, struct rusage *usage)
{
	int status;
	if (wait4(pid, &status, 0, usage) != pid || !WIFEXITED(status) || WEXITSTATUS(status) > worst)
		hg_die("%s failed under \"%s\"", name, hg_variant_name(variant));
}

static double ms_of(struct timeval time)
{
	return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

double hg_run(enum hg_variant variant, char **argv, double *peak_mib)
{
	struct rusage usage;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	wait_for(start(variant, argv, &actions), variant, argv[0], 1, &usage);
	if (peak_mib)
		*peak_mib = (double)usage.ru_maxrss / 1024;
	return ms_of(usage.ru_utime) + ms_of(usage.ru_stime);
}

double hg_subject(enum hg_variant variant, char **argv)
{
	int pipe_ends[2];
	posix_spawn_file_actions_t actions;
	if (pipe2(pipe_ends, O_CLOEXEC) != 0)
		hg_die("no pipe for %s", argv[0]);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
	pid_t pid = start(variant, argv, &actions);
	close(pipe_ends[1]);
	double figure = read_figure(pipe_ends[0]);
	wait_for(pid, variant, argv[0], 0, NULL);
	hg_scratch_empty();
	return figure;
}
