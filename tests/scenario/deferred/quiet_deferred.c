/* Drain mode defer without an op in flight: the closer runs the real free itself, before it returns. A class can ask
 * for the mode by itself, as the ports do.
 *
 * run: HANDLEGUARD_DRAIN=defer
 * recording: drain=defer handles.gate.freed=1 handles.port.freed=1
 * run:
 * recording: drain=auto handles.gate.drain=auto handles.port.drain=defer handles.gate.freed=1 handles.port.freed=1
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
	start(&user, "user", touch, g);
	join(&user);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_last_freer() == getpid());
	uint16_t port = gate_port_open();
	CHECK(gate_port_touch(port) == 1);
	gate_port_close(port);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
