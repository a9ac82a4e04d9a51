/* A free that frees the children too meets an op on a child: it waits for it, and what comes later is late.
 *
 * finding: late-free house h; call gate_house_raze in raze on razer; op gate_room_wait in wait_in_room on waiter;
 *     create gate_house_open in main; drained
 * finding: late-op room r; call gate_room_touch in touch_while; free gate_house_raze in raze on razer;
 *     create gate_room_open in main
 * finding: late-op room r; call gate_room_touch in main; free gate_house_raze in raze on razer;
 *     create gate_room_open in main
 * finding: repeat-free room r; call gate_room_close in main; free gate_house_raze in raze on razer;
 *     create gate_room_open in main
 * recording: handles.house.freed=1 handles.room.freed=1
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

static void touch_while(gate_room *room)
{
	CHECK(gate_room_touch(room) == -EPIPE);
}

int main(void)
{
	struct side waiter, razer;
	gate_house *house = gate_house_open();
	gate_room *room = gate_room_open(house);
	tell("h", house);
	tell("r", room);
	start(&waiter, "waiter", wait_in_room, room);
	gate_room_await_parked(room);
	start(&razer, "razer", raze, house);
	await_drain(&razer);
	touch_while(room);
	CHECK(gate_frees() == 0);
	/* What wakes the parked op may come while the free waits. */
	CHECK(gate_room_wake(room) == 3);
	join(&waiter);
	join(&razer);
	CHECK(gate_room_touch(room) == -EPIPE);
	gate_room_close(room);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
