/* Hatches are shut, which lets go of whoever is parked at one, and then freed; whatever else comes after that is a use
 * of what is gone. */
#include "box.h"
#include "gate.h"

static void enter(gate *hatch)
{
	struct box *box = (struct box *)hatch;
	if (box->busy)
		box_complain();
	box_enter(box);
}

gate *gate_hatch_open(void)
{
	return (gate *)box_new();
}

gate *gate_hatch_open_in(gate *g)
{
	(void)g;
	return gate_hatch_open();
}

int gate_hatch_touch(gate *hatch)
{
	enter(hatch);
	box_leave((struct box *)hatch);
	return 1;
}

int gate_hatch_wait(gate *hatch)
{
	enter(hatch);
	box_park((struct box *)hatch);
	box_leave((struct box *)hatch);
	return 2;
}

int gate_hatch_shut(gate *hatch)
{
	enter(hatch);
	((struct box *)hatch)->busy = true;
	box_leave((struct box *)hatch);
	return 3;
}

int gate_hatch_shut_with(gate *hatch, void (*callback)(void *), void *argument)
{
	callback(argument);
	return gate_hatch_shut(hatch);
}

void gate_hatch_free(gate *hatch)
{
	box_free((struct box *)hatch);
}
