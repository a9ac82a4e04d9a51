/* C, by malloc and free; the other kind is aligned. */
#include <stdlib.h>

#include "parcel.h"

struct parcel {
	void *content;
	char room[900];
};

int parcel_kinds(void)
{
	return 2;
}

parcel *parcel_open(int kind)
{
	parcel *open = kind == 0 ? malloc(sizeof *open) : aligned_alloc(256, 1024);
	if (!open)
		abort();
	open->content = malloc(400);
	open->room[0] = 1;
	return open;
}

int parcel_touch(parcel *open)
{
	return open->room[0];
}

void parcel_close(parcel *open)
{
	free(open->content);
	free(open);
}
