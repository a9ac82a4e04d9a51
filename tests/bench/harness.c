#include "harness.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIVES = 4 };

extern char **environ;

static const struct {
	const char *name, *preload, *stacks, *flag, *drain;
} variants[HG_VARIANTS] = {
    [HG_BARE] = {"bare call", NULL, "on", "--plain", "auto"},
    [HG_THROUGH] = {"C wrapper that only calls through", HG_THROUGH_PRELOAD, "on", "--plain", "auto"},
    [HG_HAND_WRITTEN] = {"hand-written guard (two atomic adds)", HG_HAND_WRITTEN_PRELOAD, "on", "--plain", "auto"},
    [HG_GUARDED] = {"handleguard", HG_GUARD_PRELOAD, "on", "--plain", "auto"},
    [HG_GUARDED_FENCED] = {"handleguard without membarrier", HG_GUARD_PRELOAD, "on", "--no-membarrier", "auto"},
    [HG_GUARDED_WORDS] = {"handleguard, 8 stack words", HG_GUARD_PRELOAD, "on", "--words", "auto"},
    [HG_GUARDED_NO_STACKS] = {"handleguard, stacks off", HG_GUARD_PRELOAD, "off", "--plain", "auto"},
    [HG_GUARDED_EXCLUSIVE] = {"handleguard, exclusive: report", HG_EXCLUSIVE_PRELOAD, "on", "--plain", "auto"},
    [HG_GUARDED_SERIALISED] = {"handleguard, exclusive: serialise", HG_SERIALISED_PRELOAD, "on", "--plain", "auto"},
    [HG_GUARDED_DEFER] = {"handleguard, drain: defer", HG_GUARD_PRELOAD, "on", "--plain", "defer"},
    [HG_GUARDED_DEFER_NO_STACKS] = {"handleguard, drain: defer, stacks off", HG_GUARD_PRELOAD, "off", "--plain",
                                    "defer"},
    [HG_GUARDED_SQLITE] = {"handleguard, SQLite's manifest", HG_SQLITE_PRELOAD, "on", "--plain", "auto"},
    [HG_GUARDED_MANY] = {"handleguard, 10000 functions", HG_MANY_PRELOAD, "on", "--plain", "auto"},
};

const char *hg_variant_name(enum hg_variant variant)
{
	return variants[variant].name;
}

void hg_die(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("hg_bench: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	hg_scratch_remove();
	exit(2);
}

/* --- the folder for recordings --- */

static char scratch[64];

void hg_scratch_make(void)
{
	strcpy(scratch, "/tmp/hg_bench.XXXXXX");
	if (!mkdtemp(scratch)) {
		scratch[0] = '\0';
		hg_die("no folder for recordings can be made in /tmp: %s", strerror(errno));
	}
}

/* Calls nothing, or removes, for each file in the folder; returns their number. */
static unsigned each_recording(bool remove_it)
{
	unsigned count = 0;
	DIR *folder = opendir(scratch);
	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		if (entry->d_name[0] == '.')
			continue;
		count++;
		if (remove_it)
			unlinkat(dirfd(folder), entry->d_name, 0);
	}
	if (folder)
		closedir(folder);
	return count;
}

unsigned hg_scratch_recordings(void)
{
	return each_recording(false);
}

double hg_scratch_kib(void)
{
	double blocks = 0;
	DIR *folder = opendir(scratch);
	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		struct stat status;
		int file = entry->d_name[0] == '.' ? -1 : openat(dirfd(folder), entry->d_name, O_RDONLY | O_CLOEXEC);
		if (file < 0)
			continue;
		if (fsync(file) == 0 && fstat(file, &status) == 0)
			blocks += (double)status.st_blocks;
		close(file);
	}
	if (folder)
		closedir(folder);
	return blocks / 2;
}

void hg_scratch_empty(void)
{
	each_recording(true);
}

void hg_scratch_remove(void)
{
	if (!scratch[0])
		return;
	each_recording(true);
	rmdir(scratch);
}

/* --- workers --- */

static bool ours(const char *variable)
{
	return strncmp(variable, "LD_PRELOAD=", 11) == 0 || strncmp(variable, "HANDLEGUARD_", 12) == 0;
}

char **hg_environment(enum hg_variant variant)
{
	static char *environment[1024], preload[4096], output[128], stacks[64], drain[64];
	unsigned count = 0;
	for (char **at = environ; *at && count < 1000; at++)
		if (!ours(*at))
			environment[count++] = *at;
	snprintf(output, sizeof output, "HANDLEGUARD_OUTPUT=%s", scratch);
	snprintf(stacks, sizeof stacks, "HANDLEGUARD_STACKS=%s", variants[variant].stacks);
	environment[count++] = output;
	environment[count++] = stacks;
	snprintf(drain, sizeof drain, "HANDLEGUARD_DRAIN=%s", variants[variant].drain);
	environment[count++] = drain;
	if (variants[variant].preload) {
		snprintf(preload, sizeof preload, "LD_PRELOAD=%s", variants[variant].preload);
		environment[count++] = preload;
	}
	environment[count] = NULL;
	return environment;
}

struct worker {
	pid_t pid;
	int ask, answer;
};

static struct worker start(enum hg_variant variant, const struct hg_measurement *measurement)
{
	int ask[2], answer[2];
	struct worker worker;
	char index[16];
	snprintf(index, sizeof index, "%d", (int)(measurement - hg_measurements));
	char *argv[] = {(char *)"/proc/self/exe", (char *)"--worker", (char *)variants[variant].flag, index, NULL};
	if (pipe2(ask, O_CLOEXEC) != 0 || pipe2(answer, O_CLOEXEC) != 0)
		hg_die("no pipe: %s", strerror(errno));
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ask[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, answer[1], STDOUT_FILENO);
	int failed = posix_spawn(&worker.pid, argv[0], &actions, NULL, argv, hg_environment(variant));
	if (failed)
		hg_die("a worker cannot be started: %s", strerror(failed));
	posix_spawn_file_actions_destroy(&actions);
	close(ask[0]);
	close(answer[1]);
	worker.ask = ask[1];
	worker.answer = answer[0];
	return worker;
}

static double round_of(const struct worker *worker, const char *measurement, enum hg_variant variant)
{
	double figure = NAN;
	if (write(worker->ask, "?", 1) != 1 || read(worker->answer, &figure, sizeof figure) != sizeof figure)
		hg_die("%s: the worker of \"%s\" has ended early", measurement, hg_variant_name(variant));
	if (isnan(figure))
		hg_die("%s: \"%s\" could not be measured", measurement, hg_variant_name(variant));
	return figure;
}

static void stop(const struct worker *worker)
{
	close(worker->ask);
	close(worker->answer);
	waitpid(worker->pid, NULL, 0);
}

static void run_rounds(const struct hg_measurement *measurement, unsigned first, unsigned end,
                       double *figures[HG_VARIANTS])
{
	struct worker workers[HG_VARIANTS] = {0};
	for (unsigned v = 0; v < HG_VARIANTS; v++)
		if (measurement->variants[v] && measurement->work)
			workers[v] = start(v, measurement);
	for (unsigned round = first; round < end; round++)
		for (unsigned v = 0; v < HG_VARIANTS; v++)
			if (measurement->variants[v])
				figures[v][round] = measurement->own ? measurement->own(v, measurement->argument)
				                                     : round_of(&workers[v], measurement->name, v);
	for (unsigned v = 0; v < HG_VARIANTS; v++)
		if (workers[v].pid)
			stop(&workers[v]);
}

/* Where the system happens to lay a process's memory makes some processes slower than others: not all rounds in one. */
void hg_measure(const struct hg_measurement *measurement, unsigned rounds, double *figures[HG_VARIANTS])
{
	for (unsigned life = 0; life < LIVES; life++)
		run_rounds(measurement, rounds * life / LIVES, rounds * (life + 1) / LIVES, figures);
}
