/* A trunk is its coach's to free: a free of the program's is withheld, and the trunk is as it was. The coach's free
 * waits for whoever is at the trunk, and what comes on it later is late.
 *
 * finding: given-free trunk t; call gate_trunk_close in main; alive gate_coach_open in main; create gate_trunk_open in main; withheld
 * finding: late-free coach c; call gate_coach_close in close_coach on porter; op gate_trunk_wait in wait_at_trunk on guest;
 *     create gate_coach_open in main; drained
 * finding: late-op trunk t; call gate_trunk_touch in main; free gate_coach_close in close_coach on porter;
 *     create gate_trunk_open in main
 * finding: repeat-free trunk t; call gate_trunk_close in main; free gate_coach_close in close_coach on porter;
 *     create gate_trunk_open in main
 * recording: handles.trunk.created=1 handles.trunk.freed=1 handles.coach.freed=1
 */
#include "scenario.h"

static sem_t over;

static void wait_at_trunk(void *trunk)
{
	CHECK(gate_trunk_wait(trunk) == 2);
}

static void close_coach(void *coach)
{
	gate_coach_close(coach);
	sem_wait(&over);
}

int main(void)
{
	struct side guest, porter;
	gate_coach *coach = gate_coach_open();
	gate_trunk *trunk = gate_trunk_open();
	tell("c", coach);
	tell("t", trunk);
	CHECK(sem_init(&over, 0, 0) == 0 && gate_coach_load(coach, trunk) == 0);
	gate_trunk_close(trunk);
	CHECK(gate_frees() == 0 && gate_trunk_touch(trunk) == 1);
	start(&guest, "guest", wait_at_trunk, trunk);
	gate_await_parked((gate *)trunk, 1);
	start(&porter, "porter", close_coach, coach);
	await_drain(&porter);
	gate_let_go((gate *)trunk);
	join(&guest);
	while (gate_frees() != 2)
		sched_yield();
	CHECK(gate_trunk_touch(trunk) == -EPIPE);
	gate_trunk_close(trunk);
	sem_post(&over);
	join(&porter);
	CHECK(gate_violations() == 0 && gate_frees() == 2);
	return 0;
}
