/* A connection of two holders, one of whom is in a call when the other disconnects. Where the class lets a disconnect
 * pass all the same it drains as any free, and the holder's later call is rejected; else it is withheld, and nobody
 * notices.
 *
 * finding: severed cable id; call gate_cable_disconnect in cut_cable on closer;
 *     holder gate_cable_connect in join_in<stay on stayer x2 of id; create gate_cable_connect in main
 * finding: late-free cable id; call gate_cable_disconnect in cut_cable on closer; op gate_cable_wait in stay on stayer;
 *     create gate_cable_connect in main; drained
 * finding: late-op cable id; call gate_cable_send in stay on stayer; free gate_cable_disconnect in cut_cable on closer;
 *     create gate_cable_connect in main
 * finding: severed wire other; call gate_wire_disconnect in cut_wire; holder gate_wire_connect in hold_wire on holder;
 *     create gate_wire_connect in main; withheld
 * recording: handles.cable.created=1 handles.cable.freed=1 handles.wire.created=1 handles.wire.freed=1
 *     calls.gate_cable_connect=3 calls.gate_wire_disconnect=2
 */
#include "scenario.h"

static int cable, wire;
static sem_t connected, cut;

static void join_in(void)
{
	CHECK(gate_cable_connect(1) == cable);
}

static void stay(void *unused)
{
	(void)unused;
	join_in();
	join_in();
	CHECK(gate_cable_wait(cable) == 2);
	sem_wait(&cut);
	CHECK(gate_cable_send(cable) == -EBADF);
}

static void cut_cable(void *unused)
{
	(void)unused;
	CHECK(gate_cable_disconnect(cable) == 0);
	sem_post(&cut);
}

static void hold_wire(void *unused)
{
	(void)unused;
	CHECK(gate_wire_connect(2) == wire);
	sem_post(&connected);
	sem_wait(&cut);
	CHECK(gate_wire_send(wire) == 1);
	CHECK(gate_wire_disconnect(wire) == 0);
}

static void cut_wire(void)
{
	CHECK(gate_wire_disconnect(wire) == 0);
}

static void race_on_cable(void)
{
	struct side stayer, closer;
	start(&stayer, "stayer", stay, NULL);
	gate_lines_await_parked(cable);
	start(&closer, "closer", cut_cable, NULL);
	await_drain(&closer);
	gate_lines_let_go(cable);
	join(&closer);
	join(&stayer);
}

static void race_on_wire(void)
{
	struct side holder;
	start(&holder, "holder", hold_wire, NULL);
	sem_wait(&connected);
	cut_wire();
	CHECK(gate_lines_live() == 1);
	sem_post(&cut);
	join(&holder);
}

int main(void)
{
	sem_init(&connected, 0, 0);
	sem_init(&cut, 0, 0);
	cable = gate_cable_connect(1);
	tell_number("id", (unsigned long)cable);
	race_on_cable();
	wire = gate_wire_connect(2);
	tell_number("other", (unsigned long)wire);
	race_on_wire();
	CHECK(gate_lines_live() == 0 && gate_lines_cut() == 0 && gate_violations() == 0);
	return 0;
}
