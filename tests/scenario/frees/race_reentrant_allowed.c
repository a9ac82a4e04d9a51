/* A library puts off a free that is called inside an op of its own thread, but not for an op of another one: that one
 * the free waits for. What comes on the handle afterwards is late, still inside that op.
 *
 * finding: late-free pump p; call gate_pump_close in close_pump; op gate_pump_run in main; op gate_pump_wait in wait_in_pump on
 *     waiter; create gate_pump_open in main; drained
 * finding: late-op pump p; call gate_pump_touch in close_pump; free gate_pump_close in close_pump; create gate_pump_open in main
 * finding: repeat-free pump p; call gate_pump_close in close_pump; free gate_pump_close in close_pump; create gate_pump_open in
 *     main
 * recording: handles.pump.freed=1
 */
#define _GNU_SOURCE
#include "scenario.h"

static struct side waiter, helper, self;

static void wait_in_pump(void *pump)
{
	CHECK(gate_pump_wait(pump) == 2);
}

static void let_go_when_waited_for(void *pump)
{
	await_drain(&self);
	gate_let_go(pump);
}

static void close_pump(void *pump)
{
	gate_pump_close(pump);
	CHECK(gate_pump_touch(pump) == -EPIPE);
	gate_pump_close(pump);
	CHECK(gate_frees() == 0);
}

int main(void)
{
	gate *pump = gate_pump_open();
	tell("p", pump);
	self.tid = gettid();
	start(&waiter, "waiter", wait_in_pump, pump);
	gate_await_parked(pump, 1);
	start(&helper, "helper", let_go_when_waited_for, pump);
	CHECK(gate_pump_run(pump, close_pump, pump) == 1);
	join(&waiter);
	join(&helper);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
