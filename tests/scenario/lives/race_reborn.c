/* A handle is freed in a way that the manifest does not know of, and its address handed out again: the first life has
 * ended, though nobody saw how.
 *
 * finding: reborn gate g g2; call gate_make in make_again; create gate_open in main
 * recording: handles.gate.created=2 handles.gate.freed=2 handles.gate.live=0
 */
#include "scenario.h"

static gate *make_again(void)
{
	gate *g = NULL;
	CHECK(gate_make(false, &g) == 0);
	return g;
}

int main(void)
{
	gate_recycle(true);
	gate *g = gate_open();
	tell("g", g);
	gate_forget(g);
	CHECK(make_again() == g);
	gate_close(g);
	CHECK(gate_violations() == 0);
	return 0;
}
