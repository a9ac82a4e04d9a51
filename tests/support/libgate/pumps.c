/* Pumps: closed inside an op they are freed when the last one is over, and an op can end its pump by itself. */
#include "box.h"
#include "gate.h"

static void end(struct box *pump)
{
	pump->busy = true;
	if (!pump->inside)
		box_free(pump);
}

static void enter(gate *pump)
{
	box_enter((struct box *)pump);
}

static void leave(gate *pump)
{
	struct box *box = (struct box *)pump;
	box_leave(box);
	if (box->busy && !box->inside)
		box_free(box);
}

gate *gate_pump_open(void)
{
	return (gate *)box_new();
}

int gate_pump_run(gate *pump, void (*callback)(void *), void *argument)
{
	enter(pump);
	callback(argument);
	leave(pump);
	return 1;
}

int gate_pump_finish(gate *pump)
{
	end((struct box *)pump);
	return 1;
}

int gate_pump_touch(gate *pump)
{
	enter(pump);
	leave(pump);
	return 1;
}

int gate_pump_wait(gate *pump)
{
	enter(pump);
	box_park((struct box *)pump);
	leave(pump);
	return 2;
}

void gate_pump_close(gate *pump)
{
	end((struct box *)pump);
}
