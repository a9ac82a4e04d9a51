/* A free that fails after it had to wait was a race all the same; the handle lives on. One that succeeded ends it.
 *
 * finding: late-free gate g; call gate_try_close in fail_to_close on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained
 * finding: late-op gate g; call gate_touch in main; free gate_try_close in close_at_last; create gate_open in main
 * recording: handles.gate.freed=1
 */
#include "scenario.h"

static void fail_to_close(void *g)
{
	CHECK(gate_try_close(g) == 16);
}

static void close_at_last(gate *g)
{
	CHECK(gate_try_close(g) == 0);
}

int main(void)
{
	struct side waiter, closer;
	gate *g = gate_open();
	tell("g", g);
	gate_set_busy(g, true);
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	start(&closer, "closer", fail_to_close, g);
	await_drain(&closer);
	gate_let_go(g);
	join(&waiter);
	join(&closer);
	CHECK(gate_touch(g) == 1);
	gate_set_busy(g, false);
	close_at_last(g);
	CHECK(gate_touch(g) == -EPIPE);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
