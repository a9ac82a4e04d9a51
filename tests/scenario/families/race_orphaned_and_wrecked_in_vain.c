/* A room is closed with a chest in it, which is a mistake, and its value handed out again, for a room of another house,
 * while a call tries to wreck the house in vain. The chest that is left over says nothing of the house: the other room
 * in it goes on.
 *
 * finding: orphan room r; call gate_room_close in main; create gate_room_open in main; alive gate_chest_open in main
 * finding: leak chest c; create gate_chest_open in main
 * recording: handles.house.freed=2 handles.room.created=3 handles.room.freed=3 handles.chest.freed=0
 */
#include "scenario.h"

static gate_house *other;
static gate_room *next_room;

static void build_elsewhere(void)
{
	next_room = gate_room_open(other);
}

int main(void)
{
	gate_house *house = gate_house_open();
	other = gate_house_open();
	gate_room *closed = gate_room_open(house), *kept = gate_room_open(house);
	tell("r", closed);
	tell("c", gate_chest_open(closed));
	gate_recycle(true);
	gate_room_close(closed);
	gate_on_sale(build_elsewhere, NULL);
	CHECK(gate_house_wreck_in_vain(house) == 16);
	CHECK(next_room == closed);
	CHECK(gate_room_touch(kept) == 1);
	CHECK(gate_house_wreck(house) == 0);
	gate_room_close(next_room);
	gate_house_close(other);
	CHECK(gate_frees() == 5 && gate_violations() == 0);
	return 0;
}
