/* A hundred thousand private handles made, used and freed by four threads, their memory used again and again.
 *
 * recording: handles.gate.created=100000 handles.gate.freed=100000 handles.gate.live=0 calls.gate_touch=200000
 */
#include "scenario.h"

static void churn(void *unused)
{
	(void)unused;
	for (int i = 0; i < 25000; i++) {
		gate *g = gate_open();
		CHECK(gate_touch(g) == 1 && gate_touch(g) == 1);
		gate_close(g);
	}
}

int main(void)
{
	struct side sides[4];
	gate_recycle(true);
	for (int i = 0; i < 4; i++)
		start(&sides[i], "churn", churn, NULL);
	for (int i = 0; i < 4; i++)
		join(&sides[i]);
	CHECK(gate_frees() == 100000 && gate_violations() == 0);
	return 0;
}
