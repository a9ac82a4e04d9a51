/* Crumbs: some are handed out by a function that the manifest names, some are gate_open_unseen's. */
#include "box.h"
#include "gate.h"

gate *gate_crumb_open(void)
{
	return (gate *)box_new();
}

int gate_crumb_touch(gate *crumb)
{
	box_enter((struct box *)crumb);
	box_leave((struct box *)crumb);
	return 1;
}

int gate_crumb_wait(gate *crumb)
{
	box_enter((struct box *)crumb);
	box_park((struct box *)crumb);
	box_leave((struct box *)crumb);
	return 2;
}

int gate_crumb_close(gate *crumb)
{
	box_free((struct box *)crumb);
	return 0;
}

int gate_crumb_close_slowly(gate *crumb)
{
	box_park((struct box *)crumb);
	return gate_crumb_close(crumb);
}
