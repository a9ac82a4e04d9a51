/* The main thread closes a gate while another waits in it; or, with `fixed`, when that one has ended. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "gate.h"

static void *wait_there(void *g)
{
	gate_wait(g);
	return NULL;
}

int main(int argc, char **argv)
{
	int fixed = argc > 1 && strcmp(argv[1], "fixed") == 0;
	gate *g = gate_open();
	pthread_t thread;
	pthread_create(&thread, NULL, wait_there, g);
	gate_await_parked(g, 1);
	if (!fixed)
		gate_close(g);
	gate_let_go(g);
	pthread_join(thread, NULL);
	if (fixed)
		gate_close(g);
	puts("done");
	return 0;
}
