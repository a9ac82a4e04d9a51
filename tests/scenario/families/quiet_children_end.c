/* A free that frees the children too (`children: end`) ends their guards with it, without a word, and so do their
 * values' next lives begin.
 *
 * recording: handles.house.freed=2 handles.house.live=0 handles.room.created=3 handles.room.freed=3 handles.room.live=0
 *     handles.chest.freed=2 handles.chest.live=0
 */
#include "scenario.h"

static void furnish(gate_house *house)
{
	gate_room *room = gate_room_open(house);
	gate_chest *chest = gate_chest_open(room);
	CHECK(gate_room_touch(room) == 1 && gate_chest_touch(chest) == 1);
}

int main(void)
{
	gate_recycle(true);
	gate_house *house = gate_house_open();
	furnish(house);
	furnish(house);
	gate_house_raze(house);
	CHECK(gate_frees() == 5);
	house = gate_house_open();
	gate_room *room = gate_room_open(house);
	CHECK(gate_room_touch(room) == 1);
	gate_house_raze(house);
	CHECK(gate_frees() == 7 && gate_violations() == 0);
	return 0;
}
