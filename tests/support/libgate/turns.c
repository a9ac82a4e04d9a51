/* Handles for one thread at a time: desks, tills and diaries, which the manifest treats each its own way. */
#include <pthread.h>
#include <stdlib.h>

#include "box.h"
#include "gate.h"

static _Atomic int overlaps;
static __thread int nested; /* ops that this thread is in */

static void enter(gate *g)
{
	struct box *box = (struct box *)g;
	box_enter(box);
	nested++;
	if (box->inside > nested)
		overlaps++;
}

static void leave(gate *g)
{
	nested--;
	box_leave((struct box *)g);
}

int gate_overlaps(void)
{
	return overlaps;
}

#define KIND(kind)                                                                                                     \
	gate *gate_##kind##_open(void)                                                                                 \
	{                                                                                                              \
		return (gate *)box_new();                                                                              \
	}                                                                                                              \
	int gate_##kind##_touch(gate *g)                                                                               \
	{                                                                                                              \
		enter(g);                                                                                              \
		leave(g);                                                                                              \
		return 1;                                                                                              \
	}                                                                                                              \
	int gate_##kind##_wait(gate *g)                                                                                \
	{                                                                                                              \
		enter(g);                                                                                              \
		box_park((struct box *)g);                                                                             \
		leave(g);                                                                                              \
		return 2;                                                                                              \
	}                                                                                                              \
	int gate_##kind##_wake(gate *g)                                                                                \
	{                                                                                                              \
		box_let_go((struct box *)g);                                                                           \
		return 3;                                                                                              \
	}                                                                                                              \
	int gate_##kind##_call(gate *g, void (*callback)(void *), void *argument)                                      \
	{                                                                                                              \
		enter(g);                                                                                              \
		callback(argument);                                                                                    \
		leave(g);                                                                                              \
		return 4;                                                                                              \
	}                                                                                                              \
	void gate_##kind##_close(gate *g)                                                                              \
	{                                                                                                              \
		box_free((struct box *)g);                                                                             \
	}

KIND(desk)
KIND(till)
KIND(diary)

void gate_diary_give_back(gate *g)
{
	gate_diary_close(g);
}

static void *close_diary(void *g)
{
	gate_diary_close(g);
	return NULL;
}

void gate_diary_close_elsewhere(gate *g)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, close_diary, g) != 0 || pthread_join(thread, NULL) != 0)
		abort();
}

int gate_diary_finish(gate *g)
{
	box_free((struct box *)g);
	return 0;
}
