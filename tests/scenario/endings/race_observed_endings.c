/* Only observed, every way of ending a handle is what it would have been, and later calls are told and let through:
 * rooms that end with their house, tickets of a kind, lamps that go out together, a cord that became plugs, a house
 * that is left to its rooms.
 *
 * run: HANDLEGUARD_MODE=observe
 * finding: late-op room r; call gate_room_touch in raze; free gate_house_raze in raze; create gate_room_open in raze
 * finding: repeat-free seat s; call gate_ticket_drop in drop; free gate_ticket_drop in drop; create gate_ticket_new in drop
 * finding: late-op lamp l; call gate_lamp_touch in put_out; free gate_lamps_out in put_out; create gate_lamp_open in put_out
 * finding: late-op cord c; call gate_cord_touch in split; free gate_cord_split in split; create gate_cord_open in split
 * finding: late-op house h; call gate_house_touch in leave; free gate_house_leave in leave;
 *     create gate_house_open in leave
 * recording: handles.house.live=0 handles.room.live=0 handles.trip.live=0 handles.seat.live=0 handles.lamp.live=0
 *     handles.cord.live=0 handles.plug.live=0
 *
 * run: HANDLEGUARD_MODE=abort
 * finding: late-op room r; call gate_room_touch in raze; free gate_house_raze in raze; create gate_room_open in raze
 * stderr: handleguard: late-op of a room
 * exit: SIGABRT
 */
#include "scenario.h"

static void raze(void)
{
	gate_house *house = gate_house_open();
	gate_room *room = gate_room_open(house);
	tell("r", room);
	gate_house_raze(house);
	CHECK(gate_room_touch(room) == 1);
}

static void drop(void)
{
	void *trip, *seat;
	CHECK(gate_ticket_new(GATE_TRIP, NULL, &trip) == 0 && gate_ticket_new(GATE_SEAT, trip, &seat) == 0);
	tell("s", seat);
	CHECK(gate_ticket_drop(GATE_SEAT, seat) == 0);
	CHECK(gate_ticket_drop(GATE_SEAT, seat) == 0);
	CHECK(gate_ticket_drop(GATE_TRIP, trip) == 0);
}

static void put_out(void)
{
	gate_lamp *lamp = gate_lamp_open();
	tell("l", lamp);
	CHECK(gate_lamps_out() == 0);
	CHECK(gate_lamp_touch(lamp) == 1);
}

static void split(void)
{
	gate_plug *left, *right;
	gate_cord *cord = gate_cord_open();
	tell("c", cord);
	CHECK(gate_cord_split(cord, 2, &left, &right) == 0);
	CHECK(gate_cord_touch(cord) == 1);
	gate_plug_close(left);
	gate_plug_close(right);
}

static void leave(void)
{
	gate_house *house = gate_house_open();
	gate_room *room = gate_room_open(house);
	tell("h", house);
	gate_house_leave(house);
	CHECK(gate_room_touch(room) == 1);
	CHECK(gate_house_touch(house) == 1);
	gate_room_close(room);
}

int main(void)
{
	raze();
	drop();
	put_out();
	split();
	leave();
	return 0;
}
