/* Handles that are only for the process which made them: leases, while that is there; pacts, which several can hold,
 * for ever. */
#include "box.h"
#include "gate.h"

static int touch(gate *g)
{
	box_enter((struct box *)g);
	box_leave((struct box *)g);
	return 1;
}

gate *gate_lease_open(void)
{
	return (gate *)box_new();
}

int gate_lease_touch(gate *lease)
{
	return touch(lease);
}

int gate_lease_close(gate *lease)
{
	box_free((struct box *)lease);
	return 0;
}

int gate_lease_finish(gate *lease)
{
	return gate_lease_close(lease);
}

int gate_lease_audit(gate *lease)
{
	return gate_lease_touch(lease);
}

gate *gate_pact_open(void)
{
	return (gate *)box_new();
}

int gate_pact_touch(gate *pact)
{
	return touch(pact);
}

void gate_pact_drop(gate *pact)
{
	box_free((struct box *)pact);
}
