/* A house is razed while another call is in that may sell it. It is sold, for the last room has gone meanwhile: then
 * there is nothing left to raze.
 *
 * finding: repeat-free house h; call gate_house_raze in raze on razer; free gate_house_sell in main;
 *     create gate_house_open in main
 * recording: handles.house.freed=1 handles.room.freed=1
 */
#include "scenario.h"

static gate_house *house;
static gate_room *room;
static struct side razer;

static void close_room(void *unused)
{
	(void)unused;
	gate_room_close(room);
}

static void raze(void *unused)
{
	(void)unused;
	gate_house_raze(house);
}

static void meanwhile(void)
{
	struct side closer;
	start(&razer, "razer", raze, NULL);
	await_drain(&razer);
	start(&closer, "closer", close_room, NULL);
	join(&closer);
}

int main(void)
{
	house = gate_house_open();
	room = gate_room_open(house);
	tell("h", house);
	gate_on_sale(meanwhile, NULL);
	CHECK(gate_house_sell(house) == 0);
	join(&razer);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
