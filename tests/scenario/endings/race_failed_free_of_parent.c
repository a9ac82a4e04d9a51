/* A free that may fail succeeds with a child alive. That is told once it is known, and the child is an orphan.
 *
 * finding: orphan gate g; call gate_try_close in main; create gate_open in main; alive gate_child_open in main
 * finding: orphan child c; call gate_child_touch in main; free gate_try_close in main; create gate_child_open in main
 * finding: leak child c; create gate_child_open in main
 * recording: handles.gate.freed=1 handles.child.live=1
 */
#include "scenario.h"

int main(void)
{
	gate *g = gate_open();
	gate_child *child = gate_child_open(g);
	tell("g", g);
	tell("c", child);
	CHECK(gate_try_close(g) == 0);
	CHECK(gate_child_touch(child) == -EPIPE);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
