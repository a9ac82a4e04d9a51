#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measurements.h"
#include "scratch.h"
#include "variants.h"

enum { LIVES = 4, MOST_WORDS = 24 };

extern char **environ;

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

/* --- processes of a variant --- */

static bool ours(const char *variable)
{
	return strncmp(variable, "LD_PRELOAD=", 11) == 0 || strncmp(variable, "LD_AUDIT=", 9) == 0 ||
	       strncmp(variable, "HANDLEGUARD_", 12) == 0;
}

static char *set(char *into, size_t size, const char *name, const char *value)
{
	snprintf(into, size, "%s=%s", name, value);
	return into;
}

char **hg_environment(enum hg_variant variant)
{
	static char *environment[1024], object[4096], output[128], stacks[64], drain[64], ring[64];
	const struct hg_variant_row *row = &hg_variant_rows[variant];
	unsigned count = 0;
	for (char **at = environ; *at && count < 1000; at++)
		if (!ours(*at))
			environment[count++] = *at;
	environment[count++] = set(output, sizeof output, "HANDLEGUARD_OUTPUT", hg_scratch());
	environment[count++] = set(stacks, sizeof stacks, "HANDLEGUARD_STACKS", row->stacks ? row->stacks : "on");
	environment[count++] = set(drain, sizeof drain, "HANDLEGUARD_DRAIN", row->drain ? row->drain : "auto");
	if (hg_ring_kib)
		snprintf(ring, sizeof ring, "HANDLEGUARD_RING_KIB=%u", hg_ring_kib), environment[count++] = ring;
	if (row->preload)
		environment[count++] = set(object, sizeof object, "LD_PRELOAD", row->preload);
	if (row->audit)
		environment[count++] = set(object, sizeof object, "LD_AUDIT", row->audit);
	environment[count] = NULL;
	return environment;
}

/* This program under its own name: whoever runs it by a command of theirs would name themselves by /proc/self. */
static char *this_program(void)
{
	static char path[4096];
	ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
	if (size <= 0)
		hg_die("this program's path cannot be read: %s", strerror(errno));
	path[size] = '\0';
	return path;
}

static char **command_of(enum hg_variant variant, char **arguments)
{
	static char *words[MOST_WORDS];
	const struct hg_variant_row *row = &hg_variant_rows[variant];
	unsigned count = 0;
	for (const char *const *word = row->command; *word; word++)
		words[count++] = (char *)(strcmp(*word, HG_SCRATCH) == 0 ? hg_scratch() : *word);
	words[count++] = row->program ? (char *)row->program : this_program();
	while (*arguments && count < MOST_WORDS - 1)
		words[count++] = *arguments++;
	words[count] = NULL;
	return words;
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
	const char *flag = hg_variant_rows[variant].flag;
	snprintf(index, sizeof index, "%u", hg_measurement_index(measurement));
	char *arguments[] = {(char *)"--worker", (char *)(flag ? flag : "--plain"), index, NULL};
	char **argv = command_of(variant, arguments);
	if (pipe2(ask, O_CLOEXEC) != 0 || pipe2(answer, O_CLOEXEC) != 0)
		hg_die("no pipe: %s", strerror(errno));
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ask[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, answer[1], STDOUT_FILENO);
	int failed = posix_spawnp(&worker.pid, argv[0], &actions, NULL, argv, hg_environment(variant));
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

static double own_round(const struct hg_measurement *measurement, enum hg_variant variant)
{
	double figure = measurement->own(variant, measurement->argument);
	if (isnan(figure))
		hg_die("%s: \"%s\" could not be measured", measurement->name, hg_variant_name(variant));
	return figure;
}

static void run_rounds(const struct hg_measurement *measurement, unsigned first, unsigned end,
                       double *figures[HG_VARIANTS])
{
	struct worker workers[HG_VARIANTS] = {0};
	for (unsigned v = 0; v < HG_VARIANTS; v++)
		if (figures[v] && measurement->work)
			workers[v] = start(v, measurement);
	for (unsigned round = first; round < end; round++)
		for (unsigned v = 0; v < HG_VARIANTS; v++)
			if (figures[v])
				figures[v][round] = measurement->own ? own_round(measurement, v)
				                                     : round_of(&workers[v], measurement->name, v);
	for (unsigned v = 0; v < HG_VARIANTS; v++)
		if (workers[v].pid)
			stop(&workers[v]);
}

/* Where the system happens to lay a process's memory makes some processes slower than others: not all rounds in one. */
void hg_measure(const struct hg_measurement *measurement, unsigned rounds, double *figures[HG_VARIANTS])
{
	unsigned lives = rounds < 2 * LIVES ? 1 : LIVES;
	for (unsigned life = 0; life < lives; life++)
		run_rounds(measurement, rounds * life / lives, rounds * (life + 1) / lives, figures);
}
