/* Mode observe: every call is made at once, as if nobody watched; what was wrong is recorded all the same.
 *
 * run: HANDLEGUARD_MODE=observe
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main
 * finding: late-op gate g; call gate_touch in main; free gate_close in close_it on closer; create gate_open in main
 * finding: repeat-free gate g; call gate_close in close_again; free gate_close in close_it on closer;
 *     create gate_open in main
 * recording: mode=observe handles.gate.freed=1 calls.gate_close=2
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
	join(&closer);
	CHECK(gate_frees() == 1);
	CHECK(gate_touch(g) == 1); /* the real function's answer */
	close_again(g);
	CHECK(gate_frees() == 2);
	gate_let_go(g);
	join(&waiter);
	CHECK(gate_violations() != 0); /* so the library did see what a guard prevents */
	return 0;
}
