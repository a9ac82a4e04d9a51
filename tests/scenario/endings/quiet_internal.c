/* A library calls its own exported functions: its teardown uses the handle that it tears down and frees it by another
 * of its functions, and so does a thread of its own until it is told to end. That is its own business: never turned
 * away.
 *
 * recording: handles.gate.created=1 handles.gate.freed=1 handles.gate.live=0
 */
#include "scenario.h"

int main(void)
{
	gate *g = gate_open();
	CHECK(gate_start_worker(g) == 0);
	CHECK(gate_destroy(g) == 0);
	CHECK(gate_uses() == 201 && gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
