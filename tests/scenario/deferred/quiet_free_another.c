/* An op whose callback frees another handle, also one of another thread that nobody uses any more, and its own child:
 * no race.
 *
 * recording: handles.gate.created=2 handles.gate.freed=2 handles.room.freed=1 handles.house.freed=1
 */
#include "scenario.h"

static gate *others;

static void make(void *unused)
{
	(void)unused;
	others = gate_open();
	CHECK(gate_touch(others) == 1);
}

static void close_room(void *room)
{
	gate_room_close(room);
}

int main(void)
{
	struct side maker;
	gate *g = gate_open();
	start(&maker, "maker", make, NULL);
	join(&maker);
	CHECK(gate_call(g, close_it, others) == 4);
	gate_house *house = gate_house_open();
	CHECK(gate_call(g, close_room, gate_room_open(house)) == 4);
	gate_house_close(house);
	gate_close(g);
	CHECK(gate_frees() == 4 && gate_violations() == 0);
	return 0;
}
