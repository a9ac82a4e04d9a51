/* A function that ends all handles of a class (`free: {lamp: all}`) meets an op on one of them: it waits for it. Each
 * use of each handle is late from then on, and handles that are made afterwards are new ones.
 *
 * finding: late-free lamp any; call gate_lamps_out in put_out on warden; op gate_lamp_wait in wait_by on waiter; all;
 *     drained
 * finding: late-op lamp b; call gate_lamp_touch in touch_while; free gate_lamps_out in put_out on warden;
 *     create gate_lamp_open in main
 * finding: late-op lamp b; call gate_lamp_touch in main; free gate_lamps_out in put_out on warden;
 *     create gate_lamp_open in main
 * finding: repeat-free lamp a; call gate_lamp_close in main; free gate_lamps_out in put_out on warden;
 *     create gate_lamp_open in main
 * recording: handles.lamp.created=3 handles.lamp.freed=3 handles.lamp.live=0
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

static void touch_while(gate_lamp *lamp)
{
	CHECK(gate_lamp_touch(lamp) == -EPIPE);
}

int main(void)
{
	struct side waiter, warden;
	gate_lamp *a = gate_lamp_open(), *b = gate_lamp_open();
	tell("a", a);
	tell("b", b);
	start(&waiter, "waiter", wait_by, a);
	gate_lamp_await_parked(a);
	start(&warden, "warden", put_out, NULL);
	await_drain(&warden);
	touch_while(b);
	CHECK(gate_frees() == 0);
	gate_lamp_let_go(a);
	join(&waiter);
	join(&warden);
	CHECK(gate_lamp_touch(b) == -EPIPE);
	gate_lamp_close(a);
	gate_lamp *c = gate_lamp_open();
	CHECK(gate_lamp_touch(c) == 1);
	gate_lamp_close(c);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
