/* Where the library would have refused, but there are no children: the free is one like any other.
 *
 * finding: late-op house h; call gate_house_touch in main; free gate_house_sell in main; create gate_house_open in main
 * finding: repeat-free house h; call gate_house_sell in main; free gate_house_sell in main; create gate_house_open in main
 * recording: handles.house.freed=1
 */
#include "scenario.h"

int main(void)
{
	gate_house *house = gate_house_open();
	tell("h", house);
	gate_room_close(gate_room_open(house));
	CHECK(gate_house_sell(house) == 0);
	CHECK(gate_house_touch(house) == -EPIPE);
	CHECK(gate_house_sell(house) == -EPIPE);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
