/* Handles for one thread at a time: desks, tills and diaries, which the manifest treats each its own way. */
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
