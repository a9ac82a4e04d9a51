/* An op comes while a free drains: it is rejected, although the handle's memory is still there.
 *
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained
 * finding: late-op gate g; call gate_touch in main; free gate_close in close_it on closer; create gate_open in main
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
	CHECK(gate_touch(g) == -EPIPE);
	gate_let_go(g);
	join(&waiter);
	join(&closer);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
