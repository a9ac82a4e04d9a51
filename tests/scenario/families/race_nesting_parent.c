/* Calls nest deeper than a thread's frames can hold, and the innermost is on a room: it counts on its house too, whose
 * free waits for it.
 *
 * finding: late-free house h; call gate_house_close in close_house on owner; op gate_room_wait in any on waiter;
 *     create gate_house_open in main; drained
 * finding: orphan house h; call gate_house_close in close_house on owner; create gate_house_open in main;
 *     alive gate_room_open in main
 * finding: orphan room r; call gate_room_touch in main; free gate_house_close in close_house on owner;
 *     create gate_room_open in main
 * finding: leak room r; create gate_room_open in main
 * recording: counters.frames-full=>0 handles.house.freed=1
 */
#include "scenario.h"

enum { DEPTH = 64 };

static gate *g;
static gate_room *room;
static int depth;

static void nest(void *unused)
{
	(void)unused;
	if (depth++ < DEPTH)
		gate_call(g, nest, NULL);
	else
		CHECK(gate_room_wait(room) == 2);
}

static void close_house(void *house)
{
	gate_house_close(house);
}

int main(void)
{
	struct side waiter, owner;
	g = gate_open();
	gate_house *house = gate_house_open();
	room = gate_room_open(house);
	tell("h", house);
	tell("r", room);
	start(&waiter, "waiter", nest, NULL);
	gate_room_await_parked(room);
	start(&owner, "owner", close_house, house);
	await_drain(&owner);
	CHECK(gate_frees() == 0);
	gate_room_let_go(room);
	join(&owner);
	join(&waiter);
	CHECK(gate_room_touch(room) == -EPIPE);
	gate_close(g);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
