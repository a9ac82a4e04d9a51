/* The library has more pointers to functions of its own than are looked at: how many are left out is said.
 *
 * recording: handles.gate.freed=1 calls.gate_touch=1 counters.words-full=>511
 */
#include "scenario.h"

int main(void)
{
	gate *g = gate_open();
	CHECK(gate_touch(g) == 1);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
