/* A library that puts off a free which is called inside an op of the same handle: in one, in two nested ones, and on a
 * handle that another thread has used before. And one that ends a handle by itself: it comes again, and is live at the
 * end.
 *
 * observed: same
 * recording: handles.pump.created=6 handles.pump.freed=5
 */
#include "scenario.h"

static void close_pump(void *pump)
{
	int before = gate_frees();
	gate_pump_close(pump);
	CHECK(gate_frees() == before);
}

static void run(void *pump)
{
	CHECK(gate_pump_run(pump, close_pump, pump) == 1);
}

static void touch(void *pump)
{
	CHECK(gate_pump_touch(pump) == 1);
}

static void end_and_meet_again(void)
{
	gate_recycle(true);
	gate *pump = gate_pump_open();
	CHECK(gate_pump_finish(pump) == 1);
	CHECK(gate_pump_open() == pump);
	CHECK(gate_pump_finish(pump) == 1);
}

int main(void)
{
	struct side other;
	run(gate_pump_open());
	gate *nested = gate_pump_open(), *used = gate_pump_open();
	CHECK(gate_pump_run(nested, run, nested) == 1);
	start(&other, "other", touch, used);
	join(&other);
	run(used);
	gate_pump_close(gate_pump_open());
	CHECK(gate_frees() == 4);
	end_and_meet_again();
	CHECK(gate_frees() == 6 && gate_violations() == 0);
	return 0;
}
