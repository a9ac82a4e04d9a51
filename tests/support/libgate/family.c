/* Handles that are made from others: rooms of a house, chests in a room, twigs on twigs. The library knows who belongs
 * to whom, and its ways to free a house treat the rooms each its own way. */
#include <string.h>

#include "box.h"
#include "gate.h"

enum { MOST = 32 };

struct link {
	struct box *child, *parent;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct link links[MOST];
static struct box *left[MOST]; /* houses that go with their last room, rooms that go with their last chest */

static struct box *make_in(struct box *parent)
{
	struct box *child = box_new();
	box_enter(parent);
	pthread_mutex_lock(&lock);
	for (int i = 0; i < MOST; i++)
		if (!links[i].child) {
			links[i] = (struct link){child, parent};
			break;
		}
	pthread_mutex_unlock(&lock);
	box_leave(parent);
	return child;
}

static int children_of(const struct box *parent)
{
	int count = 0;
	for (int i = 0; i < MOST; i++)
		count += links[i].child && links[i].parent == parent;
	return count;
}

static struct box *unlink_child(const struct box *child)
{
	struct box *parent = NULL;
	for (int i = 0; i < MOST; i++)
		if (links[i].child == child) {
			parent = links[i].parent;
			links[i].child = NULL;
		}
	return parent;
}

static void free_if_left(struct box *house)
{
	for (int i = 0; i < MOST; i++)
		if (house && left[i] == house && !children_of(house)) {
			left[i] = NULL;
			box_free(house);
		}
}

static void free_child(struct box *child)
{
	pthread_mutex_lock(&lock);
	struct box *parent = unlink_child(child);
	box_free(child);
	free_if_left(parent);
	pthread_mutex_unlock(&lock);
}

static int touch(struct box *box)
{
	box_enter(box);
	box_leave(box);
	return 1;
}

static int park(struct box *box)
{
	box_enter(box);
	box_park(box);
	box_leave(box);
	return 2;
}

gate_house *gate_house_open(void)
{
	return (gate_house *)box_new();
}

int gate_house_touch(gate_house *house)
{
	return touch((struct box *)house);
}

void gate_house_close(gate_house *house)
{
	box_free((struct box *)house);
}

static void is_left_no_more(const struct box *box)
{
	for (int i = 0; i < MOST; i++)
		if (left[i] == box)
			left[i] = NULL;
}

static void raze(struct box *parent)
{
	for (int i = 0; i < MOST; i++)
		if (links[i].child && links[i].parent == parent) {
			struct box *child = links[i].child;
			links[i].child = NULL;
			raze(child);
			is_left_no_more(child);
			box_free(child);
		}
}

void gate_house_raze(gate_house *house)
{
	raze((struct box *)house);
	box_free((struct box *)house);
}

static void (*before_sale)(void), (*after_sale)(void);

static void call(void (**once)(void))
{
	void (*function)(void) = *once;
	*once = NULL;
	if (function)
		function();
}

void gate_on_sale(void (*before)(void), void (*after)(void))
{
	before_sale = before;
	after_sale = after;
}

int gate_house_wreck(gate_house *house)
{
	call(&before_sale);
	gate_house_raze(house);
	call(&after_sale);
	return 0;
}

int gate_house_wreck_in_vain(gate_house *house)
{
	(void)house;
	call(&before_sale);
	return 16;
}

int gate_house_sell(gate_house *house)
{
	call(&before_sale);
	pthread_mutex_lock(&lock);
	bool busy = children_of((struct box *)house);
	if (!busy)
		box_free((struct box *)house);
	pthread_mutex_unlock(&lock);
	call(&after_sale);
	return busy ? 16 : 0;
}

static void leave(struct box *box)
{
	pthread_mutex_lock(&lock);
	for (int i = 0; i < MOST; i++)
		if (!left[i]) {
			left[i] = box;
			break;
		}
	free_if_left(box);
	pthread_mutex_unlock(&lock);
}

void gate_house_leave(gate_house *house)
{
	leave((struct box *)house);
}

gate_room *gate_room_open(gate_house *house)
{
	return (gate_room *)make_in((struct box *)house);
}

int gate_room_touch(gate_room *room)
{
	return touch((struct box *)room);
}

int gate_room_wait(gate_room *room)
{
	return park((struct box *)room);
}

int gate_room_wake(gate_room *room)
{
	box_enter((struct box *)room);
	box_let_go((struct box *)room);
	box_leave((struct box *)room);
	return 3;
}

int gate_room_call(gate_room *room, void (*callback)(void *), void *argument)
{
	box_enter((struct box *)room);
	callback(argument);
	box_leave((struct box *)room);
	return 4;
}

void gate_room_close(gate_room *room)
{
	free_child((struct box *)room);
}

void gate_room_leave(gate_room *room)
{
	leave((struct box *)room);
}

int gate_room_sell(gate_room *room)
{
	pthread_mutex_lock(&lock);
	bool busy = children_of((struct box *)room);
	pthread_mutex_unlock(&lock);
	if (busy)
		return 16;
	free_child((struct box *)room);
	return 0;
}

void gate_room_linger(gate_room *room)
{
	box_park((struct box *)room);
	free_child((struct box *)room);
}

/* --- inside --- */

static pthread_t cleaner;
static gate_room *cleaned;

static void *clean(void *room)
{
	gate_room_linger(room);
	return NULL;
}

int gate_room_start_cleaner(gate_room *room)
{
	cleaned = room;
	return pthread_create(&cleaner, NULL, clean, room);
}

void gate_house_clear(gate_house *house)
{
	box_let_go((struct box *)cleaned);
	pthread_join(cleaner, NULL);
	box_free((struct box *)house);
}

gate_chest *gate_chest_open(gate_room *room)
{
	return (gate_chest *)make_in((struct box *)room);
}

int gate_chest_touch(gate_chest *chest)
{
	return touch((struct box *)chest);
}

int gate_chest_wait(gate_chest *chest)
{
	return park((struct box *)chest);
}

void gate_chest_close(gate_chest *chest)
{
	free_child((struct box *)chest);
}

int gate_rooms_wait(int count, gate_room *const *rooms)
{
	(void)count;
	return park((struct box *)rooms[0]);
}

int gate_rooms_wake(int count, gate_room *const *rooms)
{
	(void)count;
	box_let_go((struct box *)rooms[0]);
	return 3;
}

gate_twig *gate_twig_plant(void)
{
	return (gate_twig *)box_new();
}

gate_twig *gate_twig_grow(gate_twig *from)
{
	return (gate_twig *)make_in((struct box *)from);
}

int gate_twig_wait(gate_twig *twig)
{
	return park((struct box *)twig);
}

void gate_twig_fell(gate_twig *twig)
{
	raze((struct box *)twig);
	free_child((struct box *)twig);
}

void gate_twig_await_parked(gate_twig *twig)
{
	box_await_parked((struct box *)twig, 1);
}

void gate_twig_let_go(gate_twig *twig)
{
	box_let_go((struct box *)twig);
}

void gate_room_forget(gate_room *room)
{
	free_child((struct box *)room);
}

void gate_room_await_parked(gate_room *room)
{
	box_await_parked((struct box *)room, 1);
}

void gate_room_let_go(gate_room *room)
{
	box_let_go((struct box *)room);
}
