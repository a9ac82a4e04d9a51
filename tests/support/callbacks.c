#include "scenario.h"

void wait_in(void *g)
{
	CHECK(gate_wait(g) == 2);
}

void close_it(void *g)
{
	gate_close(g);
}
