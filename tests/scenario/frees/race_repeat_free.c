/* A handle is freed twice, the second time by another function, through the handle's address: only the first is real.
 *
 * finding: repeat-free gate g; call gate_close_at in close_again; free gate_close in close_it; create gate_open in main
 * recording: handles.gate.freed=1 calls.gate_close=1 calls.gate_close_at=1
 */
#include "scenario.h"

static void close_again(gate *g)
{
	gate_close_at(&g);
	CHECK(g); /* the real function would have made it null */
}

int main(void)
{
	gate *g = gate_open();
	tell("g", g);
	close_it(g);
	close_again(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
