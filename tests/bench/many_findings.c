/* Makes so many findings, each at a place of its own: many_findings COUNT. */
#include <stdio.h>
#include <stdlib.h>

#include "places.h"

int main(int argc, char **argv)
{
	unsigned long count = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	if (!count || count > PLACES) {
		fprintf(stderr, "many_findings: COUNT is wanted, at most %d\n", PLACES);
		return 1;
	}
	struct target *freed = target_open();
	target_free(freed);
	for (unsigned place = 0; place < count; place++)
		op_at_place(freed, place);
	puts("0");
	return 0;
}
