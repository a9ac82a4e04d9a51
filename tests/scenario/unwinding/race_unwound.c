/* Threads end inside ops: one by pthread_exit, one is cancelled. Their calls are left all the same, each once, so that
 * the free that follows does not wait for them.
 *
 * finding: unwound gate g; call gate_call in exit_inside on exiter; create gate_open in main
 * finding: unwound gate g; call gate_call in be_cancelled on cancelled; create gate_open in main
 * recording: handles.gate.freed=1 calls.gate_call=2
 */
#include "scenario.h"

static sem_t inside, never;

static void leave_thread(void *unused)
{
	pthread_exit(unused);
}

static void exit_inside(void *g)
{
	gate_call(g, leave_thread, NULL);
	fail(__FILE__, __LINE__, "the thread has ended before");
}

static void stay(void *unused)
{
	(void)unused;
	sem_post(&inside);
	sem_wait(&never);
}

static void be_cancelled(void *g)
{
	gate_call(g, stay, NULL);
	fail(__FILE__, __LINE__, "the thread has ended before");
}

int main(void)
{
	struct side exiter, cancelled;
	gate *g = gate_open();
	tell("g", g);
	start(&exiter, "exiter", exit_inside, g);
	join(&exiter);
	sem_init(&inside, 0, 0);
	sem_init(&never, 0, 0);
	start(&cancelled, "cancelled", be_cancelled, g);
	sem_wait(&inside);
	CHECK(pthread_cancel(cancelled.thread) == 0);
	join(&cancelled);
	gate_close(g);
	CHECK(gate_frees() == 1);
	return 0;
}
