/* What threads cost that make one guarded call each, in a program of its own each time: what ended threads leave behind
 * for the next ones is part of it. */
#include <stdio.h>

#include "works.h"

static double run(enum hg_variant variant, unsigned count, const char *order)
{
	char number[16];
	char *argv[] = {(char *)HG_MANY_THREADS, number, (char *)order, NULL};
	snprintf(number, sizeof number, "%u", count);
	return hg_subject(variant, argv) / 1e6;
}

double hg_work_threads_together(enum hg_variant variant, unsigned count)
{
	return run(variant, count, "together");
}

double hg_work_threads_in_turn(enum hg_variant variant, unsigned count)
{
	return run(variant, count, "in-turn");
}
