/* A house is closed while a room and a chest in it are still there. That is told at once, and so is each later use of
 * them, which is rejected: what they would reach into is gone. What goes on in the end is a new house.
 *
 * finding: orphan house h; call gate_house_close in main; create gate_house_open in main; alive gate_room_open in main;
 *     alive gate_chest_open in main
 * finding: orphan room r; call gate_room_touch in use_late; free gate_house_close in main; create gate_room_open in main
 * finding: orphan chest c; call gate_chest_touch in use_late; free gate_house_close in main; create gate_chest_open in main
 * finding: orphan room r; call gate_room_close in close_late; free gate_house_close in main; create gate_room_open in main
 * finding: repeat-free room r; call gate_room_close in main; free gate_room_close in close_late;
 *     create gate_room_open in main
 * recording: handles.house.freed=2 handles.room.freed=1 handles.room.leaked=1
 * finding: leak chest c; create gate_chest_open in main
 *
 * run: HANDLEGUARD_MODE=observe
 * finding: orphan house h; call gate_house_close in main; create gate_house_open in main; alive gate_room_open in main;
 *     alive gate_chest_open in main
 * finding: orphan room r; call gate_room_touch in use_late; free gate_house_close in main; create gate_room_open in main
 * finding: orphan chest c; call gate_chest_touch in use_late; free gate_house_close in main; create gate_chest_open in main
 * finding: orphan room r; call gate_room_close in close_late; free gate_house_close in main; create gate_room_open in main
 * finding: repeat-free room r; call gate_room_close in main; free gate_room_close in close_late;
 *     create gate_room_open in main
 * recording: handles.house.freed=2 handles.room.freed=2
 * finding: leak chest c; create gate_chest_open in main
 *
 * run: HANDLEGUARD_MODE=abort
 * finding: orphan house h; call gate_house_close in main; create gate_house_open in main; alive gate_room_open in main;
 *     alive gate_chest_open in main
 * stderr: handleguard: orphan of a house
 * exit: SIGABRT
 */
#include "scenario.h"

static bool observing(void)
{
	const char *mode = getenv("HANDLEGUARD_MODE");
	return mode && strcmp(mode, "observe") == 0;
}

static void use_late(gate_room *room, gate_chest *chest)
{
	CHECK(gate_room_touch(room) == (observing() ? 1 : -EPIPE));
	CHECK(gate_chest_touch(chest) == (observing() ? 1 : -EPIPE));
}

static void close_late(gate_room *room)
{
	gate_room_close(room);
}

static void live_again(void)
{
	gate_house *house = gate_house_open();
	gate_room *room = gate_room_open(house);
	CHECK(gate_room_touch(room) == 1);
	gate_room_close(room);
	gate_house_close(house);
}

int main(void)
{
	gate_house *house = gate_house_open();
	gate_room *room = gate_room_open(house);
	gate_chest *chest = gate_chest_open(room);
	tell("h", house);
	tell("r", room);
	tell("c", chest);
	CHECK(gate_room_touch(room) == 1 && gate_chest_touch(chest) == 1);
	gate_house_close(house);
	use_late(room, chest);
	close_late(room);
	gate_room_close(room);
	live_again();
	CHECK(gate_frees() == (observing() ? 5 : 3));
	return 0;
}
