/* A free that the library refuses while there are children (`children: refuse`), though one of them is in use, is
 * neither a race nor a mistake; it succeeds when the last one is gone.
 *
 * recording: handles.house.freed=1 handles.house.live=0 handles.room.freed=1 calls.gate_house_sell=2
 */
#include "scenario.h"

static void wait_in_room(void *room)
{
	CHECK(gate_room_wait(room) == 2);
}

int main(void)
{
	struct side waiter;
	gate_house *house = gate_house_open();
	gate_room *room = gate_room_open(house);
	start(&waiter, "waiter", wait_in_room, room);
	gate_room_await_parked(room);
	CHECK(gate_house_sell(house) == 16);
	gate_room_let_go(room);
	join(&waiter);
	CHECK(gate_house_touch(house) == 1 && gate_room_touch(room) == 1);
	gate_room_close(room);
	CHECK(gate_house_sell(house) == 0);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
