/* Every wrong thing to do with a ZeroMQ handle that is gone, and what the guard must answer in the library's place.
 * Only to be run guarded: unguarded each of these is a use after free. */
#include <errno.h>
#include <zmq.h>

#include "quiet.h"

static void *context;

#define FAILS_WITH(call, number) MUST((errno = 0, (call) == -1 && errno == (number)))

static void late_socket(void)
{
	char byte = 'x';
	zmq_msg_t message;
	size_t count = 7, size = sizeof(byte);
	void *gone = zmq_socket(context, ZMQ_PAIR), *other = zmq_socket(context, ZMQ_PAIR);
	MUST(gone && other && zmq_close(gone) == 0);
	FAILS_WITH(zmq_bind(gone, "inproc://gone"), ENOTSOCK);
	FAILS_WITH(zmq_connect(gone, "inproc://gone"), ENOTSOCK);
	FAILS_WITH(zmq_send(gone, &byte, 1, 0), ENOTSOCK);
	FAILS_WITH(zmq_recv(gone, &byte, 1, 0), ENOTSOCK);
	FAILS_WITH(zmq_getsockopt(gone, ZMQ_TYPE, &byte, &size), ENOTSOCK);
	MUST(zmq_msg_init(&message) == 0);
	FAILS_WITH(zmq_msg_recv(&message, gone, 0), ENOTSOCK);
	FAILS_WITH(zmq_msg_send(&message, gone, 0), ENOTSOCK);
	FAILS_WITH(zmq_recvmsg(gone, &message, 0), ENOTSOCK);
	FAILS_WITH(zmq_recviov(gone, NULL, &count, 0), ENOTSOCK);
	MUST(count == 0 && zmq_msg_close(&message) == 0);
	zmq_pollitem_t items[] = {{NULL, 0, ZMQ_POLLIN, 0}, {other, 0, ZMQ_POLLIN, 0}, {gone, 0, ZMQ_POLLIN, 0}};
	MUST(zmq_poll(items, 2, 0) >= 0);
	FAILS_WITH(zmq_poll(items, 3, 0), ENOTSOCK);
	FAILS_WITH(zmq_proxy(other, gone, NULL), ENOTSOCK);
	FAILS_WITH(zmq_proxy_steerable(other, other, NULL, gone), ENOTSOCK);
	FAILS_WITH(zmq_close(gone), ENOTSOCK);
	MUST(zmq_close(other) == 0);
}

static void late_context(void)
{
	void *gone = zmq_ctx_new();
	MUST(gone && zmq_ctx_term(gone) == 0);
	MUST((errno = 0, zmq_socket(gone, ZMQ_PAIR) == NULL && errno == EFAULT));
	FAILS_WITH(zmq_ctx_get(gone, ZMQ_IO_THREADS), EFAULT);
	FAILS_WITH(zmq_ctx_shutdown(gone), EFAULT);
	FAILS_WITH(zmq_ctx_destroy(gone), EFAULT);
}

static void late_timers(void)
{
	void *gone = zmq_timers_new(), *copy = gone;
	MUST(gone && zmq_timers_destroy(&gone) == 0 && !gone);
	FAILS_WITH(zmq_timers_execute(copy), EFAULT);
	FAILS_WITH(zmq_timers_timeout(copy), EFAULT);
	FAILS_WITH(zmq_timers_destroy(&copy), EFAULT);
}

static void late_counter(void)
{
	void *gone = zmq_atomic_counter_new(), *copy = gone;
	zmq_atomic_counter_destroy(&gone);
	MUST(zmq_atomic_counter_dec(copy) == 1 && zmq_atomic_counter_inc(copy) == -1);
	zmq_atomic_counter_destroy(&copy);
}

static void late_stopwatch(void)
{
	void *gone = zmq_stopwatch_start();
	zmq_stopwatch_stop(gone);
	MUST(zmq_stopwatch_intermediate(gone) == 0 && zmq_stopwatch_stop(gone) == 0);
}

int main(void)
{
	context = zmq_ctx_new();
	late_socket();
	late_context();
	late_timers();
	late_counter();
	late_stopwatch();
	MUST(zmq_ctx_term(context) == 0);
	puts("every late call got its answer");
	return 0;
}
