/* Ways for handles to end: all of a class at once, the kind by an argument, one that becomes two others. */
#include "box.h"
#include "gate.h"

enum { MOST = 16 };

static struct box *lamps[MOST];

gate_lamp *gate_lamp_open(void)
{
	struct box *box = box_new();
	for (int i = 0; i < MOST; i++)
		if (!lamps[i]) {
			lamps[i] = box;
			break;
		}
	return (gate_lamp *)box;
}

int gate_lamp_touch(gate_lamp *lamp)
{
	box_enter((struct box *)lamp);
	box_leave((struct box *)lamp);
	return 1;
}

int gate_lamp_wait(gate_lamp *lamp)
{
	box_enter((struct box *)lamp);
	box_park((struct box *)lamp);
	box_leave((struct box *)lamp);
	return 2;
}

static void forget(const struct box *box)
{
	for (int i = 0; i < MOST; i++)
		if (lamps[i] == box)
			lamps[i] = NULL;
}

void gate_lamp_close(gate_lamp *lamp)
{
	forget((struct box *)lamp);
	box_free((struct box *)lamp);
}

/* Should wait for the lamp's users, and does not. */
void gate_lamp_join(gate_lamp *lamp)
{
	forget((struct box *)lamp);
	box_free((struct box *)lamp);
}

/* Ends by the library's own close. */
void gate_lamp_finish(gate_lamp *lamp)
{
	gate_lamp_close(lamp);
}

int gate_lamps_out(void)
{
	for (int i = 0; i < MOST; i++)
		if (lamps[i])
			gate_lamp_close((gate_lamp *)lamps[i]);
	return 0;
}

/* --- kinds --- */

int gate_ticket_new(int kind, void *of, void **out)
{
	(void)of;
	*out = kind ? box_new() : NULL;
	return kind ? 0 : -1;
}

int gate_ticket_touch(int kind, void *ticket)
{
	(void)kind;
	box_enter(ticket);
	box_leave(ticket);
	return 1;
}

int gate_ticket_drop(int kind, void *ticket)
{
	(void)kind;
	box_free(ticket);
	return 0;
}

/* --- splitting --- */

gate_cord *gate_cord_open(void)
{
	return (gate_cord *)box_new();
}

int gate_cord_touch(gate_cord *cord)
{
	box_enter((struct box *)cord);
	box_leave((struct box *)cord);
	return 1;
}

int gate_cord_wait(gate_cord *cord)
{
	box_enter((struct box *)cord);
	box_park((struct box *)cord);
	box_leave((struct box *)cord);
	return 2;
}

int gate_cord_split(gate_cord *cord, int halves, gate_plug **left, gate_plug **right)
{
	*left = halves > 0 ? (gate_plug *)box_new() : NULL;
	*right = halves > 1 ? (gate_plug *)box_new() : NULL;
	if (halves == 0)
		return -11;
	box_free((struct box *)cord);
	return halves == 2 ? 0 : 1;
}

int gate_plug_touch(gate_plug *plug)
{
	box_enter((struct box *)plug);
	box_leave((struct box *)plug);
	return 1;
}

int gate_plug_wait(gate_plug *plug)
{
	box_enter((struct box *)plug);
	box_park((struct box *)plug);
	box_leave((struct box *)plug);
	return 2;
}

void gate_plug_close(gate_plug *plug)
{
	box_free((struct box *)plug);
}

/* --- the test's hands --- */

void gate_lamp_await_parked(gate_lamp *lamp)
{
	box_await_parked((struct box *)lamp, 1);
}

void gate_lamp_let_go(gate_lamp *lamp)
{
	box_let_go((struct box *)lamp);
}

void gate_plug_await_parked(gate_plug *plug)
{
	box_await_parked((struct box *)plug, 1);
}

void gate_plug_let_go(gate_plug *plug)
{
	box_let_go((struct box *)plug);
}
