/* Handles for one thread at a time that are handed over, used from inside their own callbacks, woken from outside, and
 * left by force: nothing overlaps.
 *
 * finding: unwound till any; call gate_till_call in leave_by_force on leaver; create gate_till_open in main
 */
#include "scenario.h"

static void touch_both(void *handles)
{
	gate **both = handles;
	CHECK(gate_desk_touch(both[0]) == 1 && gate_till_touch(both[1]) == 1);
}

static void use_both(void *handles)
{
	gate **both = handles;
	CHECK(gate_desk_call(both[0], touch_both, both) == 4);
	CHECK(gate_till_call(both[1], touch_both, both) == 4);
	touch_both(both);
}

static void wait_at(void *till)
{
	CHECK(gate_till_wait(till) == 2);
}

static void end_thread(void *unused)
{
	pthread_exit(unused);
}

static void leave_by_force(void *till)
{
	gate_till_call(till, end_thread, NULL);
}

int main(void)
{
	struct side user, waiter, leaver;
	gate *both[] = {gate_desk_open(), gate_till_open()}, *diary = gate_diary_open();
	for (int round = 0; round < 100; round++) {
		use_both(both);
		start(&user, "user", use_both, both);
		join(&user);
	}
	start(&waiter, "waiter", wait_at, both[1]);
	gate_await_parked(both[1], 1);
	CHECK(gate_till_wake(both[1]) == 3);
	join(&waiter);
	CHECK(gate_overlaps() == 0);
	start(&leaver, "leaver", leave_by_force, both[1]);
	join(&leaver);
	touch_both(both);
	CHECK(gate_diary_touch(diary) == 1);
	gate_desk_close(both[0]);
	gate_till_close(both[1]);
	gate_diary_close(diary);
	CHECK(gate_frees() == 3);
	return 0;
}
