/* A library that uses the guarded one while it is loaded and unloaded. */
#include <stdlib.h>

#include "gate.h"

gate *edge_handle(void);

static gate *kept;

__attribute__((constructor)) static void loaded(void)
{
	kept = gate_open();
	if (gate_touch(kept) != 1)
		abort();
}

__attribute__((destructor)) static void unloaded(void)
{
	if (gate_touch(kept) != 1)
		abort();
	gate_close(kept);
}

gate *edge_handle(void)
{
	return kept;
}
