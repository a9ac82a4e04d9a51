/* A room whose house is gone is freed by a function that its library may refuse: it is leaked on purpose, as any orphan
 * is that is freed, and gone for good.
 *
 * finding: orphan house h; call gate_house_close in main; create gate_house_open in main; alive gate_room_open in main;
 *     alive gate_chest_open in main
 * finding: orphan room r; call gate_room_sell in sell; free gate_house_close in main; create gate_room_open in main
 * finding: repeat-free room r; call gate_room_sell in main; free gate_room_sell in sell; create gate_room_open in main
 * finding: leak chest c; create gate_chest_open in main
 * recording: handles.house.freed=1 handles.room.leaked=1 handles.room.live=0
 */
#include "scenario.h"

static void sell(gate_room *room)
{
	CHECK(gate_room_sell(room) == -EPIPE);
}

int main(void)
{
	gate_house *house = gate_house_open();
	gate_room *room = gate_room_open(house);
	tell("h", house);
	tell("r", room);
	tell("c", gate_chest_open(room));
	gate_house_close(house);
	sell(room);
	CHECK(gate_room_sell(room) == -EPIPE);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
