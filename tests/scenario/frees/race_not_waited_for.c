/* A function that should wait for the handle's users by itself does not: what it has missed is told, and not that it
 * was prevented.
 *
 * finding: late-free lamp l; call gate_lamp_join in join_it on joiner; op gate_lamp_wait in wait_in_lamp on waiter;
 *     create gate_lamp_open in main; passed
 * recording: handles.lamp.freed=1
 */
#include "scenario.h"

static void wait_in_lamp(void *lamp)
{
	gate_lamp_wait(lamp);
}

static void join_it(void *lamp)
{
	gate_lamp_join(lamp);
}

int main(void)
{
	struct side waiter, joiner;
	gate_lamp *lamp = gate_lamp_open();
	tell("l", lamp);
	start(&waiter, "waiter", wait_in_lamp, lamp);
	gate_lamp_await_parked(lamp);
	start(&joiner, "joiner", join_it, lamp);
	join(&joiner);
	CHECK(gate_frees() == 1);
	gate_lamp_let_go(lamp);
	join(&waiter);
	CHECK(gate_violations() != 0);
	return 0;
}
