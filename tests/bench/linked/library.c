/* A library that costs nothing, and refers to much code. */
#include "library.h"

#include <stdlib.h>

struct linked {
	int value;
};

int linked_table, linked_data;

#ifndef WITHOUT_MORE
int library_0(int *data);
#endif

struct linked *linked_open(void)
{
	return calloc(1, sizeof(struct linked));
}

int linked_op(struct linked *linked)
{
#ifndef WITHOUT_MORE
	if (linked->value)
		return library_0(&linked->value);
#endif
	return linked->value;
}

void linked_close(struct linked *linked)
{
	free(linked);
}
