/* Contexts come and go on several threads, and the next one lies where another thread's was a moment ago, often before
 * that thread has returned from zmq_ctx_term. The new context must not be taken for the old one. */
#include <zmq.h>

#include "quiet.h"

enum { THREADS = 6, ROUNDS = 40000 };

static void *come_and_go(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		void *context = zmq_ctx_new();
		MUST(context && zmq_ctx_set(context, ZMQ_IO_THREADS, 1) == 0);
		MUST(zmq_ctx_term(context) == 0);
	}
	return unused;
}

int main(void)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		threads[i] = start(come_and_go, NULL);
	for (int i = 0; i < THREADS; i++)
		join(threads[i]);
	return 0;
}
