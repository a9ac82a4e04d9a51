/* A thread has used a handle so often in a row that it keeps it, and is in an op of it when another one comes: that one
 * waits for its turn as ever.
 *
 * finding: overlap till t; call gate_till_touch in touch_it on toucher; op gate_till_wait in wait_at on waiter;
 *     create gate_till_open in main; drained; serialised; deadline 5000
 */
#include "scenario.h"

enum { OFTEN = 32 };

static void wait_at(void *till)
{
	for (int i = 0; i < OFTEN; i++)
		CHECK(gate_till_touch(till) == 1);
	CHECK(gate_till_wait(till) == 2);
}

static void touch_it(void *till)
{
	CHECK(gate_till_touch(till) == 1);
}

int main(void)
{
	struct side waiter, toucher;
	gate *till = gate_till_open();
	tell("t", till);
	start(&waiter, "waiter", wait_at, till);
	gate_await_parked(till, 1);
	start(&toucher, "toucher", touch_it, till);
	await_drain(&toucher);
	CHECK(gate_till_wake(till) == 3);
	join(&waiter);
	join(&toucher);
	CHECK(gate_overlaps() == 0);
	gate_till_close(till);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
