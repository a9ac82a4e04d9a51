/* A house is razed while another call is in that may sell it: until that has returned nobody knows whether it has. It
 * has not, as there is a room; then the house is razed.
 *
 * recording: handles.house.freed=1 handles.room.freed=1
 */
#include "scenario.h"

static gate_house *house;
static struct side razer;

static void raze(void *unused)
{
	(void)unused;
	gate_house_raze(house);
}

static void meanwhile(void)
{
	start(&razer, "razer", raze, NULL);
	await_drain(&razer);
	CHECK(gate_frees() == 0 && gate_house_touch(house) == 1);
}

int main(void)
{
	house = gate_house_open();
	gate_room_open(house);
	gate_on_sale(meanwhile, NULL);
	CHECK(gate_house_sell(house) == 16);
	join(&razer);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
