/* Handles that are small integers. */
#include <stdint.h>

#include "box.h"
#include "gate.h"

enum { IDS = 64, FIRST_PORT = 0xfff0 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct box *ids[IDS];
static struct box *taken[IDS]; /* what stood there before, for late uses */

static int take_lowest(void)
{
	int id = 0;
	pthread_mutex_lock(&lock);
	while (id < IDS && ids[id])
		id++;
	if (id < IDS)
		ids[id] = taken[id] = box_new();
	pthread_mutex_unlock(&lock);
	return id < IDS ? id : -1;
}

static void give_back(int id)
{
	struct box *box = taken[id];
	ids[id] = NULL;
	box_free(box);
}

static int touch(int id)
{
	box_enter(taken[id]);
	box_leave(taken[id]);
	return 1;
}

int gate_id_open(void)
{
	return take_lowest();
}

int gate_id_touch(int id)
{
	return id < 0 ? 0 : touch(id);
}

int gate_id_wait(int id)
{
	struct box *box = taken[id];
	box_enter(box);
	box_park(box);
	box_leave(box);
	return 2;
}

int gate_id_close(int id)
{
	if (id >= 0)
		give_back(id);
	return 0;
}

void gate_id_await_parked(int id)
{
	box_await_parked(taken[id], 1);
}

void gate_id_let_go(int id)
{
	box_let_go(taken[id]);
}

uint16_t gate_port_open(void)
{
	return (uint16_t)(FIRST_PORT + take_lowest());
}

int gate_port_touch(uint16_t port)
{
	return touch(port - FIRST_PORT);
}

void gate_port_close(uint16_t port)
{
	give_back(port - FIRST_PORT);
}

/* The closed ones, by their last digits. */
static _Atomic int64_t last_number, closed[1 << 16];

static _Atomic int64_t *closed_at(int64_t number)
{
	return &closed[(uint64_t)number % (sizeof closed / sizeof *closed)];
}

int64_t gate_number_open(void)
{
	return ++last_number;
}

int gate_number_touch(int64_t number)
{
	if (*closed_at(number) == number)
		box_complain();
	return 1;
}

int gate_number_close(int64_t number)
{
	if (atomic_exchange(closed_at(number), number) == number)
		box_complain();
	return 0;
}
