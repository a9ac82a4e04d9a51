/* What wakes the parked op may run while the free drains (`while_freeing: allow`), and so the drain ends.
 *
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained
 * recording: calls.gate_wake=1
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
	CHECK(gate_wake(g) == 3);
	join(&waiter);
	join(&closer);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
