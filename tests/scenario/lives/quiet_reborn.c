/* The address of a freed handle is handed out again, a thousand times, also as a handle of another class: new lives.
 *
 * recording: handles.gate.created=1000 handles.gate.freed=1000 handles.child.created=1000 handles.child.freed=1000
 */
#include "scenario.h"

int main(void)
{
	gate_recycle(true);
	gate *g = gate_open();
	for (int i = 1; i < 1000; i++) {
		gate_child *child = gate_child_open(g);
		CHECK(gate_touch(g) == 1 && gate_child_touch(child) == 1);
		gate_child_close(child);
		gate_close(g);
		CHECK(gate_open() == g);
	}
	gate_child_close(gate_child_open(g));
	gate_close(g);
	CHECK(gate_violations() == 0);
	return 0;
}
