/* A second free comes while the first one drains: it loses at once, and does not wait.
 *
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained
 * finding: repeat-free gate g; call gate_close in close_again; free gate_close in close_it on closer;
 *     create gate_open in main
 */
#include "scenario.h"

static void close_again(gate *g)
{
	gate_close(g);
}

int main(void)
{
	struct side waiter, closer;
	gate *g = gate_open();
	tell("g", g);
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	start(&closer, "closer", close_it, g);
	await_drain(&closer);
	close_again(g);
	CHECK(gate_frees() == 0);
	gate_let_go(g);
	join(&waiter);
	join(&closer);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
