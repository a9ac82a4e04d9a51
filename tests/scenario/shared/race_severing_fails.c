/* A disconnect that would cut another holder off fails: everybody has the claims they had, the thread that tried among
 * them. So when the other one disconnects in its turn, it cuts that thread off.
 *
 * finding: severed cable id; call gate_cable_disconnect in try_to_cut; holder gate_cable_connect in join_in<other_holder on other;
 *     create gate_cable_connect in main
 * finding: severed cable id; call gate_cable_disconnect in cut on other; holder gate_cable_connect in main;
 *     create gate_cable_connect in main
 * recording: handles.cable.created=1 handles.cable.freed=1 calls.gate_cable_disconnect=2
 */
#include "scenario.h"

static int cable;
static sem_t connected, failed;

static void join_in(void)
{
	CHECK(gate_cable_connect(1) == cable);
}

static void cut(void)
{
	CHECK(gate_cable_disconnect(cable) == 0);
}

static void try_to_cut(void)
{
	CHECK(gate_cable_disconnect(cable) == -EBUSY);
}

static void other_holder(void *unused)
{
	(void)unused;
	join_in();
	sem_post(&connected);
	sem_wait(&failed);
	CHECK(gate_cable_send(cable) == 1);
	cut();
}

int main(void)
{
	struct side other;
	sem_init(&connected, 0, 0);
	sem_init(&failed, 0, 0);
	cable = gate_cable_connect(1);
	tell_number("id", (unsigned long)cable);
	start(&other, "other", other_holder, NULL);
	sem_wait(&connected);
	gate_lines_set_busy(true);
	try_to_cut();
	gate_lines_set_busy(false);
	CHECK(gate_cable_send(cable) == 1);
	sem_post(&failed);
	join(&other);
	CHECK(gate_lines_live() == 0 && gate_lines_cut() == 0 && gate_violations() == 0);
	return 0;
}
