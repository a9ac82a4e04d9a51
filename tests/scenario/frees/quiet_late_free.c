/* The same threads, but the free comes after the op has left: nothing to report, in any mode.
 *
 * run:
 * recording: mode=guard handles.gate.created=1 handles.gate.freed=1 calls.gate_wait=1 calls.gate_close=1
 * run: HANDLEGUARD_MODE=observe
 * recording: mode=observe handles.gate.created=1 handles.gate.freed=1 calls.gate_wait=1 calls.gate_close=1
 * run: HANDLEGUARD_MODE=abort HANDLEGUARD_DRAIN=defer HANDLEGUARD_STACKS=off
 * recording: mode=abort handles.gate.created=1 handles.gate.freed=1 calls.gate_wait=1 calls.gate_close=1
 */
#include "scenario.h"

int main(void)
{
	struct side waiter, closer;
	gate *g = gate_open();
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	gate_let_go(g);
	join(&waiter);
	start(&closer, "closer", close_it, g);
	join(&closer);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
