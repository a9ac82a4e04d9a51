/* A signal handler uses a handle that is gone, a thousand times, wherever in guarded calls, stack walks and findings of
 * the same thread it strikes. Each time is told, and the handler's errno and the interrupted code's are their own.
 *
 * finding: late-op gate g x1001; call gate_touch in handle; free gate_close in close_it; create gate_open in main
 * finding: repeat-free gate again x2000; call gate_close in close_twice; free gate_close in close_it; create gate_open in main
 * recording: handles.gate.freed=>2000
 */
#define _GNU_SOURCE
#include <signal.h>

#include "scenario.h"

enum { STRIKES = 1000, ROUNDS = 2000 };

static gate *g, *again;
static sem_t handled;
static _Atomic bool done;

static void handle(int signal)
{
	(void)signal;
	int saved = errno;
	CHECK(gate_touch(g) == -EPIPE);
	CHECK(errno == saved);
	sem_post(&handled);
}

static void strike(void *victim)
{
	for (int i = 0; i < STRIKES; i++) {
		CHECK(pthread_kill(*(pthread_t *)victim, SIGUSR1) == 0);
		sem_wait(&handled);
	}
	done = true;
}

static void close_twice(void)
{
	gate_close(again);
}

static void live(void)
{
	gate *other = gate_open();
	CHECK(gate_touch(other) == 1);
	gate_close(other);
}

int main(void)
{
	struct side striker;
	pthread_t self = pthread_self();
	g = gate_open();
	again = gate_open();
	tell("g", g);
	tell("again", again);
	close_it(g);
	close_it(again);
	sem_init(&handled, 0, 0);
	CHECK(signal(SIGUSR1, handle) != SIG_ERR);
	CHECK(raise(SIGUSR1) == 0); /* the example in the report: from here its stack can be walked to the end */
	sem_wait(&handled);
	start(&striker, "striker", strike, &self);
	for (int i = 0; i < ROUNDS; i++) {
		live();
		close_twice();
	}
	while (!done)
		live();
	join(&striker);
	CHECK(gate_violations() == 0);
	return 0;
}
