/* The children stay in use after such a free, the handle itself does not.
 *
 * finding: late-op house h; call gate_house_touch in main; free gate_house_leave in main; create gate_house_open in main
 * finding: late-op house h; call gate_room_open in main; free gate_house_leave in main; create gate_house_open in main
 * finding: repeat-free house h; call gate_house_close in main; free gate_house_leave in main;
 *     create gate_house_open in main
 * finding: late-op room r; call gate_room_touch in main; free gate_room_close in main; create gate_room_open in main
 * recording: handles.house.freed=1 handles.room.freed=1
 */
#include "scenario.h"

int main(void)
{
	gate_house *house = gate_house_open();
	gate_room *room = gate_room_open(house);
	tell("h", house);
	tell("r", room);
	gate_house_leave(house);
	CHECK(gate_house_touch(house) == -EPIPE);
	CHECK(gate_room_open(house) == NULL);
	gate_house_close(house);
	gate_room_close(room);
	CHECK(gate_room_touch(room) == -EPIPE);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
