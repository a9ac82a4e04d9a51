/* A callback frees the handle whose op called it back, by a struct that holds it. When the op leaves, that struct is
 * gone: the free cannot be left to it, and is not made at all. The handle is leaked.
 *
 * finding: reentrant-free gate g; call gate_close_box in close_inside; op gate_call in main; create gate_open in main;
 *     deadline 5000
 * recording: handles.gate.freed=0 handles.gate.leaked=1
 */
#include "scenario.h"

static void close_inside(void *g)
{
	struct gate_item item = {.gate = g};
	gate_close_box(&item);
}

int main(void)
{
	gate *g = gate_open();
	tell("g", g);
	CHECK(gate_call(g, close_inside, g) == 4);
	dirty_stack();
	CHECK(gate_frees() == 0 && gate_violations() == 0);
	return 0;
}
