/* A callback frees the handle whose op called it back. Nobody can wait for that: the outermost op of the thread runs
 * the real free as it leaves.
 *
 * finding: reentrant-free gate g; call gate_close in close_inside; op gate_call in main; op gate_call in go_deeper;
 *     create gate_open in main; deferred; by a callback: the library had called the program
 * recording: handles.gate.freed=1
 */
#include "scenario.h"

static void close_inside(void *g)
{
	gate_close(g);
	CHECK(gate_frees() == 0);
}

static void go_deeper(void *g)
{
	CHECK(gate_call(g, close_inside, g) == 4);
	CHECK(gate_frees() == 0);
}

int main(void)
{
	gate *g = gate_open();
	tell("g", g);
	CHECK(gate_call(g, go_deeper, g) == 4);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
