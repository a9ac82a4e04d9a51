/* Handles that no call is given: the organ and the lathe are all of a library each. */
#include "box.h"
#include "gate.h"

enum { MOST = 8 };

static struct box *organ, *pipes[MOST];
static int starts;

static struct box *lathe(void)
{
	static struct box *only;
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_lock(&lock);
	only = only ? only : box_new();
	pthread_mutex_unlock(&lock);
	return only;
}

static int touch(struct box *box)
{
	box_enter(box);
	box_leave(box);
	return 1;
}

static int wait_in(struct box *box)
{
	box_enter(box);
	box_park(box);
	box_leave(box);
	return 2;
}

int gate_organ_start(bool fail)
{
	if (fail)
		return -1;
	organ = starts++ ? organ : box_new();
	return 0;
}

int gate_organ_stop(void)
{
	if (--starts)
		return 0;
	for (int i = 0; i < MOST; i++) {
		if (pipes[i])
			box_free(pipes[i]);
		pipes[i] = NULL;
	}
	box_free(organ);
	return 0;
}

int gate_organ_play(void)
{
	return touch(organ);
}

int gate_organ_wait(void)
{
	return wait_in(organ);
}

gate *gate_pipe_open(void)
{
	int free = 0;
	while (pipes[free])
		free++;
	return (gate *)(pipes[free] = box_new());
}

int gate_pipe_touch(gate *pipe)
{
	return touch((struct box *)pipe);
}

void gate_pipe_close(gate *pipe)
{
	for (int i = 0; i < MOST; i++)
		if (pipes[i] == (struct box *)pipe)
			pipes[i] = NULL;
	box_free((struct box *)pipe);
}

int gate_lathe_turn(void)
{
	return touch(lathe());
}

int gate_lathe_wait(void)
{
	return wait_in(lathe());
}

/* --- the test's hands --- */

void gate_organ_await_parked(void)
{
	box_await_parked(organ, 1);
}

void gate_organ_let_go(void)
{
	box_let_go(organ);
}

void gate_lathe_await_parked(void)
{
	box_await_parked(lathe(), 1);
}

void gate_lathe_let_go(void)
{
	box_let_go(lathe());
}
