#include "box.h"

#include <stdlib.h>

struct box {
	int uses;
};

struct box *box_open(void)
{
	return calloc(1, sizeof(struct box));
}

int box_use(struct box *box)
{
	return ++box->uses;
}

int box_peek(struct box *box)
{
	return box->uses;
}

void box_close(struct box *box)
{
	free(box);
}

int box_look(struct box *box)
{
	return box_peek(box);
}
