/* The same mistake a thousand times: counted exactly, stored eight times, and the other bug is still there.
 *
 * finding: repeat-free gate first x1000; call gate_close in close_again; free gate_close in close_it;
 *     create gate_open in main
 * finding: late-op gate last; call gate_touch in main; free gate_close in close_it; create gate_open in main
 * recording: counters.findings-folded=992 counters.findings-overwritten=0 handles.gate.freed=1000
 */
#include "scenario.h"

static void close_again(gate *g)
{
	gate_close(g);
}

int main(void)
{
	gate *g = NULL;
	for (int i = 0; i < 1000; i++) {
		g = gate_open();
		close_it(g);
		close_again(g);
		if (i == 0)
			tell("first", g);
	}
	tell("last", g);
	CHECK(gate_touch(g) == -EPIPE);
	CHECK(gate_frees() == 1000 && gate_violations() == 0);
	return 0;
}
