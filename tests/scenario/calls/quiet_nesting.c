/* Ops nested far deeper than a thread's frames reach, on one handle and on many, in and out again.
 *
 * recording: handles.gate.freed=3 calls.gate_call=600 counters.frames-full=>0
 */
#include "scenario.h"

static gate *gates[3];
static int depth;

static void deeper(void *unused)
{
	(void)unused;
	if (++depth <= 200)
		CHECK(gate_call(gates[depth % 3], deeper, NULL) == 4);
}

int main(void)
{
	for (int i = 0; i < 3; i++)
		gates[i] = gate_open();
	for (int round = 0; round < 3; round++) {
		depth = 0;
		deeper(NULL);
	}
	for (int i = 0; i < 3; i++)
		gate_close(gates[i]);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
