/* A thread of the library's own is in the middle of freeing a child when the parent is freed, and goes on only when
 * that free tells it to: what the library does inside is waited for by nobody but itself.
 *
 * recording: handles.house.freed=1 handles.room.freed=1 handles.house.leaked=0
 */
#include "scenario.h"

int main(void)
{
	gate_house *house = gate_house_open();
	gate_room *room = gate_room_open(house);
	CHECK(gate_room_start_cleaner(room) == 0);
	gate_room_await_parked(room);
	gate_house_clear(house);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
