/* Many ops, in whose callbacks each frees the next one's handle, the last the first one's: if all frees waited they
 * would wait for each other. The last one notices it, and is left to the last op to leave; the others drain.
 *
 * finding: late-free gate any x20; call gate_close in close_next on free; op gate_call in call_own<side_main on free;
 *     create gate_open in main; drained
 * recording: handles.gate.freed=20 handles.gate.leaked=0 counters.circles-cut=0
 */
#include "scenario.h"

enum { MANY = 20 };

static gate *gates[MANY];
static struct side sides[MANY];
static sem_t turns[MANY];
static pthread_barrier_t all_in;

static void close_next(void *place)
{
	int i = (int)(intptr_t)place;
	pthread_barrier_wait(&all_in);
	sem_wait(&turns[i]);
	gate_close(gates[(i + 1) % MANY]);
}

static void call_own(void *place)
{
	CHECK(gate_call(gates[(intptr_t)place], close_next, place) == 4);
}

int main(void)
{
	pthread_barrier_init(&all_in, NULL, MANY);
	for (int i = 0; i < MANY; i++) {
		gates[i] = gate_open();
		sem_init(&turns[i], 0, 0);
	}
	for (intptr_t i = 0; i < MANY; i++)
		start(&sides[i], "free", call_own, (void *)i);
	for (int i = 0; i < MANY; i++) {
		sem_post(&turns[i]);
		if (i < MANY - 1)
			await_drain(&sides[i]);
	}
	for (int i = 0; i < MANY; i++)
		join(&sides[i]);
	CHECK(gate_frees() == MANY && gate_violations() == 0);
	return 0;
}
