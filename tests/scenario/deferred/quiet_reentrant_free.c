/* A callback may free another handle than the one it was called back from, and notes its own for later.
 *
 * recording: handles.gate.freed=2
 */
#include "scenario.h"

static gate *to_close;

static void close_other(void *g)
{
	gate_close(g);
	to_close = g;
}

static void close_later(void *g)
{
	to_close = g;
}

int main(void)
{
	gate *g = gate_open();
	CHECK(gate_call(g, close_other, gate_open()) == 4);
	CHECK(gate_call(g, close_later, g) == 4);
	gate_close(to_close);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
