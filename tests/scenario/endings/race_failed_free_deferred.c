/* A free that may fail is made from inside an op, and so left to it; there it does fail. Nobody is an orphan, and the
 * handle and its child live on.
 *
 * finding: reentrant-free gate g; call gate_try_close in try_close; op gate_call in main; create gate_open in main; deferred
 * recording: handles.gate.freed=1 handles.child.freed=1 calls.gate_try_close=2
 */
#include "scenario.h"

static void try_close(void *g)
{
	gate_try_close(g);
}

int main(void)
{
	gate *g = gate_open();
	gate_child *child = gate_child_open(g);
	tell("g", g);
	gate_set_busy(g, true);
	CHECK(gate_call(g, try_close, g) == 4);
	CHECK(gate_touch(g) == 1 && gate_child_touch(child) == 1);
	gate_child_close(child);
	gate_set_busy(g, false);
	CHECK(gate_try_close(g) == 0);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
