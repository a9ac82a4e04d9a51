/* Handles with a count of references, from which others are made: halls, and guests in them. */
#include "box.h"
#include "gate.h"

enum { GUESTS = 4 };

struct gate_hall {
	struct box box; /* first: late uses are noticed by it */
	int references;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static gate_hall *halls[GUESTS]; /* by guest, as long as that is there */
static struct box *guests[GUESTS];

gate_hall *gate_hall_open(void)
{
	gate_hall *hall = (gate_hall *)box_new_of(sizeof *hall);
	hall->references = 1;
	return hall;
}

gate_hall *gate_hall_ref(gate_hall *hall)
{
	box_enter(&hall->box);
	hall->references++;
	box_leave(&hall->box);
	return hall;
}

int gate_hall_touch(gate_hall *hall)
{
	box_enter(&hall->box);
	box_leave(&hall->box);
	return 1;
}

static int guests_of(const gate_hall *hall)
{
	int count = 0;
	for (int i = 0; i < GUESTS; i++)
		count += guests[i] && halls[i] == hall;
	return count;
}

int gate_hall_unref(gate_hall *hall)
{
	pthread_mutex_lock(&lock);
	int left = --hall->references + guests_of(hall);
	if (!left)
		box_free(&hall->box);
	pthread_mutex_unlock(&lock);
	return left;
}

int gate_hall_drop(gate_hall *hall)
{
	int left = --hall->references;
	if (!left)
		box_free(&hall->box);
	return left;
}

int gate_hall_shut(gate_hall *hall)
{
	int left = --hall->references;
	for (int i = 0; !left && i < GUESTS; i++)
		if (guests[i] && halls[i] == hall) {
			box_free(guests[i]);
			guests[i] = NULL;
		}
	if (!left)
		box_free(&hall->box);
	return left;
}

gate_guest *gate_guest_enter(gate_hall *hall)
{
	struct box *guest = box_new();
	box_enter(&hall->box);
	pthread_mutex_lock(&lock);
	for (int i = 0; i < GUESTS; i++)
		if (!guests[i]) {
			guests[i] = guest;
			halls[i] = hall;
			break;
		}
	pthread_mutex_unlock(&lock);
	box_leave(&hall->box);
	return (gate_guest *)guest;
}

int gate_guest_touch(gate_guest *guest)
{
	box_enter((struct box *)guest);
	box_leave((struct box *)guest);
	return 1;
}

int gate_guest_wait(gate_guest *guest)
{
	box_enter((struct box *)guest);
	box_park((struct box *)guest);
	box_leave((struct box *)guest);
	return 2;
}

void gate_guest_leave(gate_guest *guest)
{
	pthread_mutex_lock(&lock);
	for (int i = 0; i < GUESTS; i++)
		if (guests[i] == (struct box *)guest) {
			guests[i] = NULL;
			box_free((struct box *)guest);
			if (!halls[i]->references && !guests_of(halls[i]))
				box_free(&halls[i]->box);
		}
	pthread_mutex_unlock(&lock);
}

void gate_guest_await_parked(gate_guest *guest)
{
	box_await_parked((struct box *)guest, 1);
}

void gate_guest_let_go(gate_guest *guest)
{
	box_let_go((struct box *)guest);
}
