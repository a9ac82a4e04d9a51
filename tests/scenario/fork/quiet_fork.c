/* A child that was forked while another thread of the parent was in an op: that thread is not in the child, so the
 * child may free the handle at once, in its own recording. The parent does not notice.
 *
 * recordings: 2
 * recording: handles.gate.created=1 handles.gate.freed=1 calls.gate_touch=3 calls.gate_wait=1 counters.forks=0
 * child: handles.gate.created=1 handles.gate.freed=2 calls.gate_touch=2 calls.gate_wait=0 counters.forks=1
 */
#include "scenario.h"

static void live_as_child(gate *g)
{
	CHECK(gate_touch(g) == 1); /* the child's first call, by the parent's fast path */
	gate *own = gate_open();
	CHECK(gate_touch(own) == 1);
	gate_close(g);
	gate_close(own);
	CHECK(gate_frees() == 2);
	exit(0);
}

int main(void)
{
	struct side waiter;
	gate *g = gate_open();
	CHECK(gate_touch(g) == 1 && gate_touch(g) == 1);
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	pid_t child = fork();
	if (child == 0)
		live_as_child(g);
	await_child(child);
	CHECK(gate_touch(g) == 1);
	gate_let_go(g);
	join(&waiter);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
