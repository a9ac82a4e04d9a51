/* A callback of an op on a room closes the house, on which that op is in flight too: the real free is left to the op,
 * whose thread could not wait for itself. The room is an orphan from then on.
 *
 * finding: reentrant-free house h; call gate_house_close in close_house; op gate_room_call in main;
 *     create gate_house_open in main; deferred
 * finding: orphan house h; call gate_house_close in close_house; create gate_house_open in main;
 *     alive gate_room_open in main
 * finding: orphan room r; call gate_room_touch in close_house; free gate_house_close in close_house;
 *     create gate_room_open in main
 * finding: orphan room r; call gate_room_close in main; free gate_house_close in close_house;
 *     create gate_room_open in main
 * recording: handles.house.freed=1 handles.room.leaked=1
 */
#include "scenario.h"

static gate_room *room;

static void close_house(void *house)
{
	gate_house_close(house);
	CHECK(gate_frees() == 0);
	CHECK(gate_room_touch(room) == -EPIPE);
}

int main(void)
{
	gate_house *house = gate_house_open();
	room = gate_room_open(house);
	tell("h", house);
	tell("r", room);
	CHECK(gate_room_call(room, close_house, house) == 4);
	CHECK(gate_frees() == 1);
	gate_room_close(room);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
