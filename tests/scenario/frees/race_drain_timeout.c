/* An op outlasts the deadline of a free: the handle is leaked where the run asks for that, the real free never called.
 *
 * run: HANDLEGUARD_DEADLINE_MS=20 HANDLEGUARD_AFTER_DEADLINE=leak
 * finding: drain-timeout gate g; call gate_close in close_it on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained; deadline 20
 * recording: handles.gate.leaked=1 handles.gate.freed=0 handles.gate.deadline_ns=20000000
 * handles.port.deadline_ns=1500000000
 */
#include "scenario.h"

int main(void)
{
	struct side waiter, closer;
	gate *g = gate_open();
	tell("g", g);
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	start(&closer, "closer", close_it, g);
	join(&closer);
	gate_let_go(g);
	join(&waiter);
	CHECK(gate_frees() == 0 && gate_violations() == 0);
	return 0;
}
