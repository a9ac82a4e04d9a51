/* A wrong program: it closes a socket under a parked zmq_recv, and then ends the context, which waits until every
 * socket is closed, and makes each parked call return. Where the close that timed out were lost, that would be for
 * ever. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zmq.h>

static void must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s does not hold (errno %d)\n", what, errno);
	exit(1);
}
#define MUST(what) must(what, #what)

static void *context, *socket_;
static _Atomic pid_t receiver;

static void *receive(void *unused)
{
	char byte;
	atomic_store(&receiver, (pid_t)syscall(SYS_gettid));
	MUST(zmq_recv(socket_, &byte, 1, 0) == -1 && errno == ETERM);
	return unused;
}

/* Until the thread sleeps in the system call that zmq_recv waits in. */
static void await_parked(void)
{
	char path[64], text[16] = "";
	while (!atomic_load(&receiver))
		sched_yield();
	snprintf(path, sizeof path, "/proc/self/task/%d/syscall", atomic_load(&receiver));
	do {
		int file = open(path, O_RDONLY | O_CLOEXEC);
		MUST(file >= 0 && read(file, text, sizeof text - 1) > 0);
		close(file);
#ifdef SYS_poll
	} while (strtol(text, NULL, 10) != SYS_poll);
#else
	} while (strtol(text, NULL, 10) != SYS_ppoll);
#endif
}

int main(void)
{
	pthread_t thread;
	MUST((context = zmq_ctx_new()) != NULL);
	MUST((socket_ = zmq_socket(context, ZMQ_PULL)) != NULL);
	MUST(zmq_bind(socket_, "inproc://nobody-sends") == 0);
	MUST(pthread_create(&thread, NULL, receive, NULL) == 0);
	await_parked();
	MUST(zmq_close(socket_) == -1 && errno == ENOTSOCK);
	MUST(zmq_ctx_term(context) == 0);
	pthread_join(thread, NULL);
	puts("the context has ended");
	return 0;
}
