/* A free that the library refuses while there are children takes place although, for all that is known, there is one:
 * it is an orphan. (Here it had been freed by a function that the manifest does not know.)
 *
 * finding: orphan house h; call gate_house_sell in main; create gate_house_open in main; alive gate_room_open in main
 * finding: orphan room r; call gate_room_touch in main; free gate_house_sell in main; create gate_room_open in main
 * finding: leak room r; create gate_room_open in main
 * recording: handles.house.freed=1 handles.room.live=1
 */
#include "scenario.h"

int main(void)
{
	gate_house *house = gate_house_open();
	gate_room *room = gate_room_open(house);
	tell("h", house);
	tell("r", room);
	gate_room_forget(room);
	CHECK(gate_house_sell(house) == 0);
	CHECK(gate_room_touch(room) == -EPIPE);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
