/* Children are used and freed before their parent, on several threads; an op on one child does not keep another from
 * being freed.
 *
 * recording: handles.child.created=3 handles.child.freed=3 handles.gate.freed=1
 */
#include "scenario.h"

static gate_child *waited;

static void wait_child(void *unused)
{
	(void)unused;
	CHECK(gate_child_wait(waited) == 2);
}

static void use_another(void *g)
{
	gate_child *child = gate_child_open(g);
	CHECK(gate_child_touch(child) == 1);
	gate_child_close(child);
}

int main(void)
{
	struct side waiter, user;
	gate *g = gate_open();
	waited = gate_child_open(g);
	start(&waiter, "waiter", wait_child, NULL);
	gate_child_await_parked(waited);
	start(&user, "user", use_another, g);
	join(&user);
	use_another(g);
	gate_child_let_go(waited);
	join(&waiter);
	gate_child_close(waited);
	gate_close(g);
	CHECK(gate_frees() == 4 && gate_violations() == 0);
	return 0;
}
