/* What a handle costs in memory while it lives, or once it is dead and its value never returns: the growth of the
 * process, to be compared with the bare one's. */
#include <math.h>
#include <stdio.h>

#include "target.h"
#include "works.h"

static double resident_bytes(void)
{
	char line[256];
	unsigned long kib = 0;
	FILE *file = fopen("/proc/self/smaps_rollup", "re");
	while (file && fgets(line, sizeof line, file) && sscanf(line, "Rss: %lu kB", &kib) != 1)
		;
	if (file)
		fclose(file);
	return kib ? 1024.0 * (double)kib : NAN;
}

double hg_work_memory(unsigned handles)
{
	double before = resident_bytes();
	for (unsigned i = 0; i < handles; i++)
		if (!target_open())
			return NAN;
	return (resident_bytes() - before) / handles;
}

double hg_work_family_memory(unsigned families)
{
	double before = resident_bytes();
	for (unsigned i = 0; i < families; i++) {
		struct trunk *trunk = trunk_open();
		for (int branch = 0; branch < BRANCHES; branch++)
			if (!trunk || !branch_open(trunk))
				return NAN;
	}
	return (resident_bytes() - before) / families / (1 + BRANCHES);
}

double hg_work_dead(unsigned handles)
{
	double before = resident_bytes();
	for (unsigned i = 0; i < handles; i++) {
		struct target *target = target_open();
		if (!target)
			return NAN;
		target_retire(target);
	}
	return (resident_bytes() - before) / handles;
}
