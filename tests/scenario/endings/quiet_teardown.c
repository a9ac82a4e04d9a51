/* A class is torn down as a whole, twice in a row, with its handles used by several threads before; it is used again
 * after each time.
 *
 * recording: handles.lamp.created=6 handles.lamp.freed=6 handles.lamp.live=0 calls.gate_lamps_out=4
 */
#include "scenario.h"

static void touch(void *lamp)
{
	CHECK(gate_lamp_touch(lamp) == 1);
}

int main(void)
{
	struct side user;
	for (int i = 0; i < 2; i++) {
		gate_lamp *a = gate_lamp_open();
		start(&user, "user", touch, a);
		join(&user);
		touch(gate_lamp_open());
		gate_lamp_close(gate_lamp_open());
		CHECK(gate_lamps_out() == 0);
		CHECK(gate_lamps_out() == 0);
	}
	CHECK(gate_frees() == 6 && gate_violations() == 0);
	return 0;
}
