/* Drain mode defer: the free returns at once, and the last of two ops to leave runs the real free, once, on its thread.
 *
 * run: HANDLEGUARD_DRAIN=defer
 * finding: late-free gate g; call gate_close in close_it; op gate_wait in wait_in on first;
 *     op gate_call in hold on second; create gate_open in main; deferred
 * recording: drain=defer handles.gate.drain=defer handles.gate.freed=1 handles.gate.live=0
 */
#include "scenario.h"

static sem_t inside, go_on;

static void stay(void *unused)
{
	(void)unused;
	sem_post(&inside);
	sem_wait(&go_on);
}

static void hold(void *g)
{
	CHECK(gate_call(g, stay, NULL) == 4);
}

int main(void)
{
	struct side first, second;
	gate *g = gate_open();
	tell("g", g);
	sem_init(&inside, 0, 0);
	sem_init(&go_on, 0, 0);
	start(&first, "first", wait_in, g);
	start(&second, "second", hold, g);
	gate_await_parked(g, 1);
	sem_wait(&inside);
	close_it(g);
	CHECK(gate_frees() == 0);
	gate_let_go(g);
	join(&first);
	CHECK(gate_frees() == 0);
	sem_post(&go_on);
	join(&second);
	CHECK(gate_frees() == 1 && gate_last_freer() == second.tid && gate_violations() == 0);
	return 0;
}
