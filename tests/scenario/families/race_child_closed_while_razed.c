/* A room is closed while its house is about to be freed with all that is in it: that is once too often, and no leak.
 *
 * finding: late-free house h; call gate_house_raze in raze on razer; op gate_room_wait in wait_in_room on waiter;
 *     create gate_house_open in main; drained
 * finding: repeat-free room r; call gate_room_close in main; free gate_house_raze in raze on razer;
 *     create gate_room_open in main
 * finding: repeat-free room s; call gate_room_sell in main; free gate_house_raze in raze on razer;
 *     create gate_room_open in main
 * recording: handles.house.freed=1 handles.room.freed=2 handles.room.leaked=0 handles.chest.freed=1
 */
#include "scenario.h"

static void wait_in_room(void *room)
{
	CHECK(gate_room_wait(room) == 2);
}

static void raze(void *house)
{
	gate_house_raze(house);
}

int main(void)
{
	struct side waiter, razer;
	gate_house *house = gate_house_open();
	gate_room *room = gate_room_open(house), *sold = gate_room_open(house);
	gate_chest_open(sold);
	tell("h", house);
	tell("r", room);
	tell("s", sold);
	start(&waiter, "waiter", wait_in_room, room);
	gate_room_await_parked(room);
	start(&razer, "razer", raze, house);
	await_drain(&razer);
	gate_room_close(room);
	CHECK(gate_room_sell(sold) == -EPIPE);
	CHECK(gate_frees() == 0);
	gate_room_let_go(room);
	join(&waiter);
	join(&razer);
	CHECK(gate_frees() == 4 && gate_violations() == 0);
	return 0;
}
