#include "tank.h"

#include <sched.h>
#include <stdlib.h>

struct tank {
	long level;
	long label;
};

tank *tank_open(void)
{
	return calloc(1, sizeof(tank));
}

int tank_hold(tank *t, int *inside, const int *go)
{
	t->level++;
	__atomic_store_n(inside, 1, __ATOMIC_RELAXED);
	while (!__atomic_load_n(go, __ATOMIC_RELAXED))
		sched_yield();
	t->level++;
	return 7;
}

int tank_label(tank *t)
{
	t->label++;
	return 0;
}

int tank_level(tank *t, long *level)
{
	*level = t->level;
	return 0;
}

int tank_call(tank *t, void (*callback)(void))
{
	callback();
	t->level++;
	return 0;
}

/* Of memory that nobody has written: that is no fault as long as nothing depends on it. */
static __attribute__((noinline)) int unwritten(void)
{
	int *volatile memory = malloc(sizeof *memory);
	int value = *memory;
	free(memory);
	return value;
}

void tank_close(tank *t)
{
	volatile int nothing = unwritten();
	(void)nothing;
	t->level = -1;
	t->label = -1;
	free(t);
}
