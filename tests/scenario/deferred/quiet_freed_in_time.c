/* An op that leaves within the deadline: the free drains, and nothing is left to anybody, whatever would come after it.
 *
 * run: HANDLEGUARD_DEADLINE_MS=100000
 * recording: handles.gate.after_deadline=defer handles.gate.freed=1 handles.gate.leaked=0
 *
 * run: HANDLEGUARD_DEADLINE_MS=0
 * recording: handles.gate.freed=1 handles.gate.leaked=0
 */
#include "scenario.h"

int main(void)
{
	struct side waiter;
	gate *g = gate_open();
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	gate_let_go(g);
	join(&waiter);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
