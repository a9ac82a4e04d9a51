/* A seccomp filter takes membarrier away while an op is in flight: the free that first feels it finds the op all the
 * same, from then on ops pay for a fence, and the recording says so.
 *
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained
 * recording: fence=degraded counters.membarrier-lost=1 handles.gate.freed=3
 */
#include "scenario.h"

static void touch(void *g)
{
	for (int i = 0; i < 3; i++)
		CHECK(gate_touch(g) == 1);
}

int main(void)
{
	struct side waiter, closer, user;
	gate *g = gate_open();
	tell("g", g);
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	forbid_membarrier();
	start(&closer, "closer", close_it, g);
	await_drain(&closer);
	gate_let_go(g);
	join(&waiter);
	join(&closer);
	for (int i = 0; i < 2; i++) {
		gate *next = gate_open();
		touch(next);
		start(&user, "user", touch, next);
		join(&user);
		gate_close(next);
	}
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
