/* A free that may fail does, with a child alive: nobody is an orphan. It succeeds when the child is gone.
 *
 * recording: handles.gate.freed=1 handles.child.freed=1 handles.child.live=0 calls.gate_try_close=2
 */
#include "scenario.h"

int main(void)
{
	gate *g = gate_open();
	gate_child *child = gate_child_open(g);
	gate_set_busy(g, true);
	CHECK(gate_try_close(g) == 16);
	CHECK(gate_child_touch(child) == 1);
	gate_child_close(child);
	gate_set_busy(g, false);
	CHECK(gate_try_close(g) == 0);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
