/* A call wakes many rooms whose frees are left to the call that uses them all. It counts on each room and on the house,
 * and has no room to count on the house for the last one: that it lets that go is said.
 *
 * run: HANDLEGUARD_DRAIN=defer
 * finding: late-free room any x16; call gate_room_close in main; op gate_rooms_wait in stay on stayer;
 *     create gate_room_open in main; deferred
 * recording: handles.room.freed=17 handles.house.freed=1 counters.handles-cut=1
 */
#include "scenario.h"

enum { ROOMS = 17 };

static gate_room *rooms[ROOMS];

static void stay(void *unused)
{
	(void)unused;
	CHECK(gate_rooms_wait(ROOMS, rooms) == 2);
}

int main(void)
{
	struct side stayer;
	gate_house *house = gate_house_open();
	for (int i = 0; i < ROOMS; i++)
		rooms[i] = gate_room_open(house);
	start(&stayer, "stayer", stay, NULL);
	gate_room_await_parked(rooms[0]);
	for (int i = 1; i < ROOMS; i++)
		gate_room_close(rooms[i]);
	CHECK(gate_frees() == 0);
	CHECK(gate_rooms_wake(ROOMS, rooms) == 3);
	join(&stayer);
	gate_room_close(rooms[0]);
	gate_house_close(house);
	CHECK(gate_frees() == ROOMS + 1 && gate_violations() == 0);
	return 0;
}
