/* Two threads end all handles of a class while one is in use: the first waits for it, and the second has nothing to do.
 *
 * finding: late-free lamp any; call gate_lamps_out in put_out on warden; op gate_lamp_wait in wait_by on waiter; all;
 *     drained
 * recording: handles.lamp.created=1 handles.lamp.freed=1 calls.gate_lamps_out=2
 */
#include "scenario.h"

static void wait_by(void *lamp)
{
	CHECK(gate_lamp_wait(lamp) == 2);
}

static void put_out(void *unused)
{
	(void)unused;
	CHECK(gate_lamps_out() == 0);
}

int main(void)
{
	struct side waiter, warden;
	gate_lamp *lamp = gate_lamp_open();
	start(&waiter, "waiter", wait_by, lamp);
	gate_lamp_await_parked(lamp);
	start(&warden, "warden", put_out, NULL);
	await_drain(&warden);
	CHECK(gate_lamps_out() == 0);
	CHECK(gate_frees() == 0);
	gate_lamp_let_go(lamp);
	join(&waiter);
	join(&warden);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
