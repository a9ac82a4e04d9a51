/* A house is wrecked with its room and the chest in it, and the library hands out the values of the house, and then of
 * the room, before the call returns: by then nothing leads from the old house to the chest, which has gone all the
 * same.
 *
 * recording: handles.house.freed=2 handles.room.freed=2 handles.chest.freed=1 handles.chest.live=0
 */
#include "scenario.h"

static gate_house *house, *next_house;
static gate_room *room, *next_room;

static void build_again(void)
{
	next_house = gate_house_open();
	next_room = gate_room_open(next_house);
}

int main(void)
{
	house = gate_house_open();
	room = gate_room_open(house);
	gate_chest_open(room);
	gate_recycle(true);
	gate_on_sale(NULL, build_again);
	CHECK(gate_house_wreck(house) == 0);
	CHECK(next_house == house && next_room == room);
	CHECK(gate_room_touch(next_room) == 1);
	CHECK(gate_house_wreck(next_house) == 0);
	CHECK(gate_frees() == 5 && gate_violations() == 0);
	return 0;
}
