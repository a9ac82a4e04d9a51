/* More ops are in flight than a finding lists: how many are left out is said.
 *
 * finding: late-free gate g; call gate_close in close_it on closer; op any; create gate_open in main; drained
 * recording: handles.gate.freed=1 counters.parties-cut=4
 */
#include "scenario.h"

enum { MANY = 20 };

int main(void)
{
	static struct side waiters[MANY];
	struct side closer;
	gate *g = gate_open();
	tell("g", g);
	for (int i = 0; i < MANY; i++)
		start(&waiters[i], "waiter", wait_in, g);
	gate_await_parked(g, MANY);
	start(&closer, "closer", close_it, g);
	await_drain(&closer);
	gate_let_go(g);
	for (int i = 0; i < MANY; i++)
		join(&waiters[i]);
	join(&closer);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
