/* Two threads are in ops of one handle whose class forbids it. The library sees them both: this class only tells.
 *
 * finding: overlap desk d; call gate_desk_touch in main; op gate_desk_wait in wait_at on waiter;
 *     create gate_desk_open in main
 * finding: overlap desk d; call gate_desk_touch in touch_it on toucher; op gate_desk_wait in wait_at on waiter;
 *     create gate_desk_open in main
 * run: HANDLEGUARD_MODE=observe
 * finding: overlap desk d; call gate_desk_touch in main; op gate_desk_wait in wait_at on waiter;
 *     create gate_desk_open in main
 * finding: overlap desk d; call gate_desk_touch in touch_it on toucher; op gate_desk_wait in wait_at on waiter;
 *     create gate_desk_open in main
 * run: HANDLEGUARD_MODE=abort
 * finding: overlap desk d; call gate_desk_touch in main; op gate_desk_wait in wait_at on waiter;
 *     create gate_desk_open in main
 * stderr: overlap of a desk
 * exit: SIGABRT
 */
#include "scenario.h"

static void wait_at(void *desk)
{
	CHECK(gate_desk_wait(desk) == 2);
}

static void touch_it(void *desk)
{
	CHECK(gate_desk_touch(desk) == 1);
}

int main(void)
{
	struct side waiter, toucher;
	gate *desk = gate_desk_open();
	tell("d", desk);
	start(&waiter, "waiter", wait_at, desk);
	gate_await_parked(desk, 1);
	CHECK(gate_desk_touch(desk) == 1);
	start(&toucher, "toucher", touch_it, desk);
	join(&toucher);
	CHECK(gate_overlaps() == 2);
	CHECK(gate_desk_wake(desk) == 3);
	join(&waiter);
	gate_desk_close(desk);
	return 0;
}
