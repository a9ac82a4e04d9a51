/* A wrong program: it closes a socket under a parked zmq_recv, and then ends the context, which waits until every
 * socket is closed, and makes each parked call return. Where the close that timed out were lost, that would be for
 * ever. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zmq.h>

#include "parked.h"

static void *context, *socket_;
static _Atomic pid_t receiver;

static void *receive(void *unused)
{
	char byte;
	atomic_store(&receiver, (pid_t)syscall(SYS_gettid));
	MUST(zmq_recv(socket_, &byte, 1, 0) == -1 && errno == ETERM);
	return unused;
}

int main(void)
{
	pthread_t thread;
	MUST((context = zmq_ctx_new()) != NULL);
	MUST((socket_ = zmq_socket(context, ZMQ_PULL)) != NULL);
	MUST(zmq_bind(socket_, "inproc://nobody-sends") == 0);
	MUST(pthread_create(&thread, NULL, receive, NULL) == 0);
	await_parked(&receiver);
	MUST(zmq_close(socket_) == -1 && errno == ENOTSOCK);
	MUST(zmq_ctx_term(context) == 0);
	pthread_join(thread, NULL);
	puts("the context has ended");
	return 0;
}
