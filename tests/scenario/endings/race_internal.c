/* The program's own thread is in an op as such a teardown begins: that one is waited for.
 *
 * finding: late-free gate g; call gate_destroy in destroy on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained
 * recording: handles.gate.freed=1
 */
#include "scenario.h"

static void destroy(void *g)
{
	CHECK(gate_destroy(g) == 0);
}

int main(void)
{
	struct side waiter, closer;
	gate *g = gate_open();
	tell("g", g);
	CHECK(gate_start_worker(g) == 0);
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	start(&closer, "closer", destroy, g);
	await_drain(&closer);
	gate_let_go(g);
	join(&waiter);
	join(&closer);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
