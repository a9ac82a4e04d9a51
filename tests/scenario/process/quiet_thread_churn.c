/* A thousand threads come and go, ten at a time; each uses a handle of all and one of its own. Nothing of them is lost.
 *
 * recording: handles.gate.created=1001 handles.gate.freed=1001 calls.gate_touch=2000 counters.threads-unrecorded=0
 */
#include "scenario.h"

static void use(void *shared)
{
	gate *own = gate_open();
	CHECK(gate_touch(shared) == 1 && gate_touch(own) == 1);
	gate_close(own);
}

int main(void)
{
	struct side sides[10];
	gate *shared = gate_open();
	for (int round = 0; round < 100; round++) {
		for (int i = 0; i < 10; i++)
			start(&sides[i], "passer-by", use, shared);
		for (int i = 0; i < 10; i++)
			join(&sides[i]);
	}
	gate_close(shared);
	CHECK(gate_frees() == 1001 && gate_violations() == 0);
	return 0;
}
