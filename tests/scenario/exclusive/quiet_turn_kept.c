/* A handle that a thread has used so often in a row that it keeps it goes to another one, and back, also from one that
 * has ended or left an op by force; and it is used from inside its own callbacks and what may run beside others.
 *
 * finding: unwound till any; call gate_till_call in leave_by_force on leaver; create gate_till_open in main
 */
#include "scenario.h"

enum { OFTEN = 32 };

static void touch_often(void *till)
{
	for (int i = 0; i < OFTEN; i++)
		CHECK(gate_till_touch(till) == 1);
}

static void call_often(void *till)
{
	touch_often(till);
	CHECK(gate_till_call(till, touch_often, till) == 4);
	touch_often(till);
}

static void wait_at(void *till)
{
	touch_often(till);
	CHECK(gate_till_wait(till) == 2);
}

static void end_thread(void *unused)
{
	pthread_exit(unused);
}

static void leave_by_force(void *till)
{
	touch_often(till);
	gate_till_call(till, end_thread, NULL);
}

int main(void)
{
	struct side user, waiter, leaver;
	gate *till = gate_till_open();
	for (int round = 0; round < 10; round++) {
		call_often(till);
		start(&user, "user", call_often, till);
		join(&user);
	}
	start(&waiter, "waiter", wait_at, till);
	gate_await_parked(till, 1);
	CHECK(gate_till_wake(till) == 3);
	join(&waiter);
	CHECK(gate_overlaps() == 0);
	start(&leaver, "leaver", leave_by_force, till);
	join(&leaver);
	call_often(till);
	gate_till_close(till);
	CHECK(gate_frees() == 1);
	return 0;
}
