/* Wisps: what is left of them ends by a handler at exit, which the library registers as the first one is made. */
#include <stdlib.h>

#include "box.h"
#include "gate.h"

enum { MOST = 8 };

static struct box *wisps[MOST];

static void end_all(void)
{
	for (int i = 0; i < MOST; i++)
		if (wisps[i])
			gate_wisp_close((gate *)wisps[i]);
}

static void prepare(void)
{
	if (atexit(end_all) != 0)
		abort();
}

gate *gate_wisp_open(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct box *wisp = box_new();
	int free = 0;
	pthread_once(&once, prepare);
	while (wisps[free])
		free++;
	wisps[free] = wisp;
	return (gate *)wisp;
}

int gate_wisp_touch(gate *wisp)
{
	box_enter((struct box *)wisp);
	box_leave((struct box *)wisp);
	return 1;
}

int gate_wisp_wait(gate *wisp)
{
	box_enter((struct box *)wisp);
	box_park((struct box *)wisp);
	box_leave((struct box *)wisp);
	return 2;
}

int gate_wisp_call(gate *wisp, void (*callback)(void *), void *argument)
{
	box_enter((struct box *)wisp);
	callback(argument);
	box_leave((struct box *)wisp);
	return 3;
}

void gate_wisp_close(gate *wisp)
{
	for (int i = 0; i < MOST; i++)
		if (wisps[i] == (struct box *)wisp)
			wisps[i] = NULL;
	box_free((struct box *)wisp);
}
