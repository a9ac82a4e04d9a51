/* A child's free is in flight on the parent: a callback of it still uses what the parent has. Here the parent's free
 * comes from another thread while the child's free waits for the child's own op.
 *
 * finding: late-free room r; call gate_room_close in close_room on closer; op gate_room_wait in wait_in_room on waiter;
 *     create gate_room_open in main; drained
 * finding: late-free house h; call gate_house_close in close_house on owner; op gate_room_wait in wait_in_room on waiter;
 *     op gate_room_close in close_room on closer; create gate_house_open in main; drained
 * recording: handles.house.freed=1 handles.room.freed=1
 */
#include "scenario.h"

static void wait_in_room(void *room)
{
	CHECK(gate_room_wait(room) == 2);
}

static void close_room(void *room)
{
	gate_room_close(room);
}

static void close_house(void *house)
{
	gate_house_close(house);
}

int main(void)
{
	struct side waiter, closer, owner;
	gate_house *house = gate_house_open();
	gate_room *room = gate_room_open(house);
	tell("h", house);
	tell("r", room);
	start(&waiter, "waiter", wait_in_room, room);
	gate_room_await_parked(room);
	start(&closer, "closer", close_room, room);
	await_drain(&closer);
	start(&owner, "owner", close_house, house);
	await_drain(&owner);
	CHECK(gate_frees() == 0);
	gate_room_let_go(room);
	join(&waiter);
	join(&closer);
	join(&owner);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
