/* A free that meets an op in flight on another thread: it waits until the op has left, and only then frees.
 *
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained; deadline 5000; by nobody
 * recording: mode=guard drain=auto handles.gate.created=1 handles.gate.freed=1 handles.gate.live=0 calls.gate_wait=1
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
	await_drain(&closer);
	CHECK(gate_frees() == 0);
	gate_let_go(g);
	join(&waiter);
	join(&closer);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
