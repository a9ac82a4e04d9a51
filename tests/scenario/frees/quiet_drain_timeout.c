/* Whoever wants to free first wakes what is parked and waits for it to return: no deadline is at stake, however short.
 *
 * run: HANDLEGUARD_DEADLINE_MS=1
 * recording: handles.gate.freed=1 handles.gate.leaked=0 deadline_ns=1000000
 */
#include "scenario.h"

int main(void)
{
	struct side waiter;
	gate *g = gate_open();
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	CHECK(gate_wake(g) == 3);
	join(&waiter);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
