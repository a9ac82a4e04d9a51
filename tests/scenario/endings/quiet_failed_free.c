/* A free that may fail (`freed:`) does, twice: the handle lives on, its ops work on every thread, and in the end it is
 * freed.
 *
 * recording: handles.gate.freed=1 handles.gate.live=0 calls.gate_try_close=3 calls.gate_touch=4
 */
#include "scenario.h"

static void touch(void *g)
{
	CHECK(gate_touch(g) == 1);
}

int main(void)
{
	struct side user;
	gate *g = gate_open();
	gate_set_busy(g, true);
	for (int i = 0; i < 2; i++) {
		CHECK(gate_try_close(g) == 16);
		touch(g);
		start(&user, "user", touch, g);
		join(&user);
	}
	gate_set_busy(g, false);
	CHECK(gate_try_close(g) == 0);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
