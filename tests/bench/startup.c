/* What a preload costs a program that never needs it, or once: from exec to exit, and on the disk. */
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "scratch.h"
#include "target.h"
#include "works.h"

static double run(enum hg_variant variant, char *argument)
{
	char *argv[] = {(char *)HG_NOTHING, argument, NULL};
	pid_t pid;
	int status;
	uint64_t begun = target_now();
	int failed = posix_spawn(&pid, argv[0], NULL, NULL, argv, hg_environment(variant));
	if (failed)
		hg_die("%s cannot be started: %s", argv[0], strerror(failed));
	if (waitpid(pid, &status, 0) != pid || status != 0)
		hg_die("%s failed under \"%s\"", argv[0], hg_variant_name(variant));
	return (double)(target_now() - begun) / 1e6;
}

double hg_work_startup(enum hg_variant variant, unsigned calls)
{
	unsigned recordings = hg_scratch_recordings();
	double ms = run(variant, calls ? (char *)"call" : NULL);
	if (!calls && hg_scratch_recordings() != recordings)
		hg_die("a program that calls no guarded function has left a recording behind");
	return ms;
}

double hg_work_leaks(enum hg_variant variant, unsigned handles)
{
	char argument[16];
	char *argv[] = {(char *)HG_NOTHING, argument, NULL};
	snprintf(argument, sizeof argument, "%u", handles);
	double ms = hg_run(variant, argv, NULL);
	hg_scratch_empty();
	return ms;
}

double hg_work_disk(enum hg_variant variant, unsigned unused)
{
	(void)unused;
	hg_scratch_empty();
	hg_work_startup(variant, 1);
	return hg_scratch_kib();
}
