/* A parent is freed while an op on its child is in flight: that op uses the parent too, so the free waits for it. The
 * child is closed too late.
 *
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_child_wait in wait_child on waiter;
 *     create gate_open in main; drained
 * finding: orphan gate g; call gate_close in close_it on closer; create gate_open in main; alive gate_child_open in main
 * finding: orphan child c; call gate_child_close in main; free gate_close in close_it on closer;
 *     create gate_child_open in main
 * recording: handles.gate.freed=1 handles.child.leaked=1
 */
#include "scenario.h"

static void wait_child(void *child)
{
	CHECK(gate_child_wait(child) == 2);
}

int main(void)
{
	struct side waiter, closer;
	gate *g = gate_open();
	tell("g", g);
	gate_child *child = gate_child_open(g);
	tell("c", child);
	start(&waiter, "waiter", wait_child, child);
	gate_child_await_parked(child);
	start(&closer, "closer", close_it, g);
	await_drain(&closer);
	CHECK(gate_frees() == 0);
	gate_child_let_go(child);
	join(&waiter);
	join(&closer);
	gate_child_close(child);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
