/* Handles are used by one thread and freed by another, which waits for that one; but for the last of them. What came
 * near is learned from those, and with the last one the op is held back until the free has come: before it enters, it
 * comes late; in flight, the free waits for it. A free of what the handle was made from is as good. Nobody sleeps as
 * long as a hold may last.
 *
 * run: HANDLEGUARD_PROVOKE=on HANDLEGUARD_PROVOKE_POINTS=b HANDLEGUARD_PROVOKE_BUDGET=100 HANDLEGUARD_PROVOKE_DELAY_MS=60000
 * finding: late-op gate g; call gate_touch in touch on user; free gate_close in close_it<end; create gate_open in main
 * finding: late-op room r; call gate_room_touch in touch_room on user; free gate_house_raze in raze;
 *     create gate_room_open in main
 *
 * run: HANDLEGUARD_PROVOKE=on HANDLEGUARD_PROVOKE_POINTS=i HANDLEGUARD_PROVOKE_BUDGET=100 HANDLEGUARD_PROVOKE_DELAY_MS=60000
 * finding: late-free gate g; call gate_close in close_it<end; op gate_touch in touch on user; create gate_open in main;
 *     drained
 * finding: late-free house h; call gate_house_raze in raze; op gate_room_touch in touch_room on user;
 *     create gate_house_open in main; drained
 */
#include "scenario.h"

enum { ORDERED = 2 }; /* the first shows that threads share such handles, the second which calls come near */

static struct side user;

static void touch(void *g)
{
	gate_touch(g);
}

static void touch_room(void *room)
{
	gate_room_touch(room);
}

static void end(void *g)
{
	close_it(g);
}

static void raze(void *house)
{
	gate_house_raze(house);
}

/* The user is done, or is held back. */
static void use(void (*op)(void *), void *handle, bool ordered)
{
	start(&user, "user", op, handle);
	if (ordered)
		join(&user);
	else
		await_drain(&user);
}

int main(void)
{
	for (int i = 0; i <= ORDERED; i++) {
		gate *g = gate_open();
		if (i == ORDERED)
			tell("g", g);
		use(touch, g, i < ORDERED);
		end(g);
	}
	join(&user);
	for (int i = 0; i <= ORDERED; i++) {
		gate_house *h = gate_house_open();
		gate_room *r = gate_room_open(h);
		if (i == ORDERED) {
			tell("h", h);
			tell("r", r);
		}
		use(touch_room, r, i < ORDERED);
		raze(h);
	}
	join(&user);
	CHECK(gate_violations() == 0);
	return 0;
}
