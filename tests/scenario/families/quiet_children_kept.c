/* A free that leaves the children in use (`children: keep`) waits for none of their ops, and the last one's free ends
 * the rest.
 *
 * recording: handles.house.freed=1 handles.room.freed=2 handles.room.live=0
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
	gate_room *one = gate_room_open(house), *other = gate_room_open(house);
	start(&waiter, "waiter", wait_in_room, one);
	gate_room_await_parked(one);
	gate_house_leave(house);
	CHECK(gate_frees() == 0);
	CHECK(gate_room_touch(other) == 1);
	gate_room_let_go(one);
	join(&waiter);
	gate_room_close(one);
	CHECK(gate_frees() == 1);
	CHECK(gate_room_touch(other) == 1);
	gate_room_close(other);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
