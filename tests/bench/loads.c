/* What loading and unloading one more plugin costs, in a program that has loaded many. */
#include <stdio.h>

#include "works.h"

double hg_work_loads(enum hg_variant variant, unsigned loaded)
{
	char number[16];
	char *argv[] = {(char *)HG_MANY_LOADS, (char *)HG_MODULE, number, NULL};
	snprintf(number, sizeof number, "%u", loaded);
	return hg_subject(variant, argv) / 1e3;
}
