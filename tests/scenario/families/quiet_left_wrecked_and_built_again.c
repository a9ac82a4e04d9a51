/* A room is left to the chest in it, and the house wrecked with both. The library hands out the room's value, for a
 * room of another house, before that call returns: nothing leads from the house to the chest any more, which has gone
 * with it.
 *
 * recording: handles.house.freed=2 handles.room.freed=2 handles.chest.freed=1 handles.chest.live=0
 */
#include "scenario.h"

static gate_house *other;
static gate *spare;
static gate_room *room, *next_room;

static void build_again(void)
{
	spare = gate_open(); /* where the house stood */
	next_room = gate_room_open(other);
}

int main(void)
{
	gate_house *house = gate_house_open();
	other = gate_house_open();
	room = gate_room_open(house);
	gate_chest_open(room);
	gate_room_leave(room);
	gate_recycle(true);
	gate_on_sale(NULL, build_again);
	CHECK(gate_house_wreck(house) == 0);
	CHECK(next_room == room);
	CHECK(gate_house_wreck(other) == 0);
	gate_close(spare);
	CHECK(gate_frees() == 6 && gate_violations() == 0);
	return 0;
}
