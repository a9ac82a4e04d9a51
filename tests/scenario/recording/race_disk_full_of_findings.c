/* The disk has room for some of the findings. The others are counted, and the program gets no signal.
 *
 * run: DISK=256k HANDLEGUARD_REPEAT_LIMIT=1000000
 * finding: late-op gate g x2000; call gate_touch in main; free gate_close in main; create gate_open in main
 * recording: counters.findings-unwritten=>1000 handles.gate.freed=1
 */
#include "scenario.h"

int main(void)
{
	gate *g = gate_open();
	tell("g", g);
	gate_close(g);
	for (int i = 0; i < 2000; i++)
		CHECK(gate_touch(g) == -EPIPE);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
