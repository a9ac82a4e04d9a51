/* A signal handler calls ops, on the handle that the interrupted code is using too, wherever in a guarded call it
 * strikes.
 *
 * recording: handles.gate.created=2001 handles.gate.freed=2001
 */
#define _GNU_SOURCE
#include <signal.h>

#include "scenario.h"

static gate *g;
static _Atomic bool done;
static _Atomic int handled;

static void handle(int signal)
{
	(void)signal;
	int saved = errno;
	CHECK(gate_touch(g) == 1);
	errno = saved;
	handled++;
}

static void strike(void *victim)
{
	while (!done)
		CHECK(pthread_kill(*(pthread_t *)victim, SIGUSR1) == 0);
}

static void be_struck(void *unused)
{
	(void)unused;
	CHECK(raise(SIGUSR1) == 0);
}

int main(void)
{
	struct side striker;
	pthread_t self = pthread_self();
	g = gate_open();
	CHECK(gate_touch(g) == 1); /* handlers bind nothing */
	CHECK(signal(SIGUSR1, handle) != SIG_ERR);
	start(&striker, "striker", strike, &self);
	for (int i = 0; i < 2000; i++) {
		gate *other = gate_open();
		CHECK(gate_touch(other) == 1 && gate_touch(g) == 1 && gate_call(g, be_struck, NULL) == 4);
		gate_close(other);
	}
	done = true;
	join(&striker);
	signal(SIGUSR1, SIG_IGN);
	gate_close(g);
	CHECK(handled >= 2000 && gate_violations() == 0);
	return 0;
}
