/* What a preload costs a program that never needs it: from exec to exit. */
#include <math.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "harness.h"
#include "target.h"

double hg_work_startup(enum hg_variant variant, unsigned calls)
{
	char *argv[] = {(char *)HG_NOTHING, calls ? (char *)"call" : NULL, NULL};
	pid_t pid;
	int status;
	unsigned recordings = hg_scratch_recordings();
	uint64_t begun = target_now();
	int failed = posix_spawn(&pid, argv[0], NULL, NULL, argv, hg_environment(variant));
	if (failed)
		hg_die("%s cannot be started: %s", argv[0], strerror(failed));
	if (waitpid(pid, &status, 0) != pid || status != 0)
		hg_die("%s failed under \"%s\"", argv[0], hg_variant_name(variant));
	double ms = (double)(target_now() - begun) / 1e6;
	if (!calls && hg_scratch_recordings() != recordings)
		hg_die("a program that calls no guarded function has left a recording behind");
	return ms;
}
