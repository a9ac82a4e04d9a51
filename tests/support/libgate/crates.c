/* Crates: handles that are their own block of the allocator, and whose address it would hand out again at once. */
#include <stdlib.h>

#include "gate.h"

enum { SEALED = 0x5ea1, CRATE_SIZE = 1000, CONTENT_SIZE = 300 };

struct gate_crate {
	_Atomic int seal;
	void *content;
	char room[CRATE_SIZE - 2 * sizeof(void *)];
};

gate_crate *gate_crate_open(void)
{
	gate_crate *crate = malloc(sizeof *crate);
	if (!crate)
		abort();
	crate->content = malloc(CONTENT_SIZE);
	crate->seal = SEALED;
	return crate;
}

int gate_crate_touch(gate_crate *crate)
{
	return crate->seal == SEALED ? 1 : -1;
}

int gate_crate_call(gate_crate *crate, void (*callback)(void *), void *argument)
{
	callback(argument);
	return crate->seal == SEALED ? 4 : -1;
}

void gate_crate_close(gate_crate *crate)
{
	if (!crate)
		return;
	crate->seal = 0;
	free(crate->content);
	free(crate);
}

void gate_crate_close_all(gate_crate *first, gate_crate *second)
{
	gate_crate_close(second);
	gate_crate_close(first);
}
