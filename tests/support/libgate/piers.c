/* Handles whose parked ops are woken by a function of the library, which needs a lock of its own and is lost if it
 * comes before the op has begun to wait. */
#include <stdlib.h>

#include "box.h"
#include "gate.h"

struct gate_pier {
	struct box box;
	int deaf, interrupts, number;
};

struct gate_plank {
	struct box box;
	gate_pier *of;
};

static pthread_mutex_t interrupting = PTHREAD_MUTEX_INITIALIZER;

gate_pier *gate_pier_open(void)
{
	return (gate_pier *)box_new_of(sizeof(gate_pier));
}

int gate_pier_wait(gate_pier *pier)
{
	box_enter(&pier->box);
	box_park(&pier->box);
	box_leave(&pier->box);
	return 1;
}

int gate_pier_stay(gate_pier *pier)
{
	return gate_pier_wait(pier);
}

void gate_pier_interrupt(gate_pier *pier, int number)
{
	box_enter(&pier->box);
	pthread_mutex_lock(&interrupting);
	pier->interrupts++;
	pier->number = number;
	if (pier->deaf > 0)
		pier->deaf--;
	else
		box_let_go(&pier->box);
	pthread_mutex_unlock(&interrupting);
	box_leave(&pier->box);
}

void gate_pier_close(gate_pier *pier)
{
	box_free(&pier->box);
}

gate_plank *gate_plank_open(gate_pier *pier)
{
	gate_plank *plank = (gate_plank *)box_new_of(sizeof *plank);
	plank->of = pier;
	return plank;
}

int gate_plank_wait(gate_plank *plank)
{
	box_enter(&plank->box);
	gate_pier_wait(plank->of);
	box_leave(&plank->box);
	return 2;
}

void gate_plank_close(gate_plank *plank)
{
	box_free(&plank->box);
}

/* --- the test's own hands --- */

void gate_pier_await_parked(gate_pier *pier)
{
	box_await_parked(&pier->box, 1);
}

void gate_pier_let_go(gate_pier *pier)
{
	box_let_go(&pier->box);
}

void gate_pier_lose(gate_pier *pier, int interrupts)
{
	pthread_mutex_lock(&interrupting);
	pier->deaf = interrupts;
	pthread_mutex_unlock(&interrupting);
}

int gate_pier_interrupts(gate_pier *pier, int *number)
{
	pthread_mutex_lock(&interrupting);
	int interrupts = pier->interrupts;
	*number = pier->number;
	pthread_mutex_unlock(&interrupting);
	return interrupts;
}

void gate_pier_lock(void)
{
	pthread_mutex_lock(&interrupting);
}

void gate_pier_unlock(void)
{
	pthread_mutex_unlock(&interrupting);
}
