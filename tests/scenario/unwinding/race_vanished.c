/* A thread vanishes inside an op while a free waits for that op: nobody is left to wake the free, which finds out by
 * itself, long before its deadline.
 *
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_call in vanish on vanisher;
 *     create gate_open in main; drained; deadline 5000
 * finding: abandoned gate g; call gate_call at vanish on vanisher; create gate_open in main
 * recording: handles.gate.freed=1 handles.gate.leaked=0
 */
#define _GNU_SOURCE
#include <sys/syscall.h>

#include "scenario.h"

static sem_t inside, go_on;

static void end_thread(void *unused)
{
	(void)unused;
	sem_post(&inside);
	sem_wait(&go_on);
	syscall(SYS_exit, 0);
}

static void vanish(void *g)
{
	gate_call(g, end_thread, NULL);
}

int main(void)
{
	struct side vanisher, closer;
	gate *g = gate_open();
	tell("g", g);
	sem_init(&inside, 0, 0);
	sem_init(&go_on, 0, 0);
	start(&vanisher, "vanisher", vanish, g);
	sem_wait(&inside);
	start(&closer, "closer", close_it, g);
	await_drain(&closer);
	sem_post(&go_on);
	join(&vanisher);
	join(&closer);
	CHECK(gate_frees() == 1);
	return 0;
}
