/* An op waits for its turn until the class's deadline, and is then let through: a program that would go on is never
 * held up for good.
 *
 * run: HANDLEGUARD_DEADLINE_MS=20
 * finding: overlap till t; call gate_till_touch in main; op gate_till_wait in wait_at on waiter;
 *     create gate_till_open in main; drained; deadline 20
 */
#include "scenario.h"

static void wait_at(void *till)
{
	CHECK(gate_till_wait(till) == 2);
}

int main(void)
{
	struct side waiter;
	gate *till = gate_till_open();
	tell("t", till);
	start(&waiter, "waiter", wait_at, till);
	gate_await_parked(till, 1);
	CHECK(gate_till_touch(till) == 1);
	CHECK(gate_overlaps() == 1);
	CHECK(gate_till_wake(till) == 3);
	join(&waiter);
	gate_till_close(till);
	return 0;
}
