/* A teardown that an op outlasts is not made; the handles count as leaked, and the class can be used again.
 *
 * run: HANDLEGUARD_DEADLINE_MS=50
 * finding: drain-timeout lamp any; call gate_lamps_out in put_out; op gate_lamp_wait in wait_by on waiter; all; drained;
 *     deadline 50
 * finding: late-op lamp a; call gate_lamp_touch in main; free gate_lamps_out in put_out; create gate_lamp_open in main
 * recording: handles.lamp.created=2 handles.lamp.leaked=1 handles.lamp.freed=1 handles.lamp.live=0
 */
#include "scenario.h"

static void wait_by(void *lamp)
{
	CHECK(gate_lamp_wait(lamp) == 2);
}

static void put_out(void)
{
	CHECK(gate_lamps_out() == -EPIPE);
}

int main(void)
{
	struct side waiter;
	gate_lamp *a = gate_lamp_open();
	tell("a", a);
	start(&waiter, "waiter", wait_by, a);
	gate_lamp_await_parked(a);
	put_out();
	CHECK(gate_lamp_touch(a) == -EPIPE);
	gate_lamp_let_go(a);
	join(&waiter);
	gate_lamp *b = gate_lamp_open();
	CHECK(gate_lamp_touch(b) == 1);
	gate_lamp_close(b);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
