/* A system without membarrier: ops pay for a fence from the start, and the race is found all the same.
 *
 * run: NO_MEMBARRIER=1
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained
 * recording: fence=full counters.membarrier-lost=0
 */
#include "scenario.h"

int main(void)
{
	struct side waiter, closer;
	forbid_membarrier();
	gate *g = gate_open();
	tell("g", g);
	CHECK(gate_touch(g) == 1);
	gate_let_go(g);
	CHECK(gate_wait(g) == 2); /* known from here on: the next one takes the fast path */
	gate_hold(g);
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	start(&closer, "closer", close_it, g);
	await_drain(&closer);
	gate_let_go(g);
	join(&waiter);
	join(&closer);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
