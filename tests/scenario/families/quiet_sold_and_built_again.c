/* The last room goes while the library looks whether there is one. It frees the house after all, and hands its value
 * out again before that call returns: the old house is gone, the new one is there.
 *
 * recording: handles.house.created=2 handles.house.freed=2 handles.room.freed=1
 */
#include "scenario.h"

static gate_house *next;
static gate_room *room;

static void close_room(void *unused)
{
	(void)unused;
	gate_room_close(room);
}

static void before(void)
{
	struct side closer;
	start(&closer, "closer", close_room, NULL);
	join(&closer);
}

static void after(void)
{
	next = gate_house_open();
}

int main(void)
{
	gate_house *house = gate_house_open();
	room = gate_room_open(house);
	gate_recycle(true);
	gate_on_sale(before, after);
	CHECK(gate_house_sell(house) == 0);
	CHECK(next == house && gate_house_touch(next) == 1);
	CHECK(gate_house_sell(next) == 0);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
