/* A free comes while an op waits for its turn: the free wins, and the op is rejected.
 *
 * finding: late-free till t; call gate_till_close in close_till on closer; op gate_till_wait in wait_at on waiter;
 *     create gate_till_open in main; drained
 * finding: late-op till t; call gate_till_touch in touch_it on toucher; free gate_till_close in close_till on closer;
 *     create gate_till_open in main
 */
#include "scenario.h"

static void wait_at(void *till)
{
	CHECK(gate_till_wait(till) == 2);
}

static void touch_it(void *till)
{
	CHECK(gate_till_touch(till) == -EPIPE);
}

static void close_till(void *till)
{
	gate_till_close(till);
}

int main(void)
{
	struct side waiter, toucher, closer;
	gate *till = gate_till_open();
	tell("t", till);
	start(&waiter, "waiter", wait_at, till);
	gate_await_parked(till, 1);
	start(&toucher, "toucher", touch_it, till);
	await_drain(&toucher);
	start(&closer, "closer", close_till, till);
	await_drain(&closer);
	gate_let_go(till);
	join(&waiter);
	join(&toucher);
	join(&closer);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
