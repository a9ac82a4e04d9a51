/* A house is razed while another call is in that may sell it, and does not come back in time: of two calls at once that
 * would end it one is made. The value is not handed out again below the other, which would sell another house than it
 * was given.
 *
 * run: HANDLEGUARD_DEADLINE_MS=0
 * finding: repeat-free house h; call gate_house_raze in raze on razer; free gate_house_sell in main;
 *     create gate_house_open in main
 * recording: handles.house.created=2 handles.house.freed=2 handles.house.live=0 handles.room.freed=1
 */
#include "scenario.h"

static gate_house *house, *next;
static gate_room *room;

static void raze(void *unused)
{
	(void)unused;
	gate_house_raze(house);
}

static void meanwhile(void)
{
	struct side razer;
	start(&razer, "razer", raze, NULL);
	join(&razer);
	CHECK(gate_frees() == 0);
	next = gate_house_open();
}

int main(void)
{
	house = gate_house_open();
	room = gate_room_open(house);
	tell("h", house);
	gate_recycle(true);
	gate_on_sale(meanwhile, NULL);
	CHECK(gate_house_sell(house) == 16);
	CHECK(next != house);
	gate_room_close(room);
	gate_house_close(next);
	CHECK(gate_house_sell(house) == 0);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
