/* A correct user of ZeroMQ: 100 000 handles of every class on several threads, each used and freed in the order that
 * the documentation asks for. Under the guard there is nothing to report, not even a note. */
#include <errno.h>
#include <string.h>
#include <zmq.h>

#include "quiet.h"

enum {
	THREADS = 4,
	ROUNDS = 300,
	PAIRS = 4,
	COUNTERS = 13000,
	TIMERS = 4000,
	WATCHES = 6000,
	PARKED = 40,
	ZMQ_THREADS = 100
};

atomic_ulong handles;

static void *counted(void *handle)
{
	MUST(handle);
	count_handle();
	return handle;
}

static void *open_socket(void *context, int type, const char *address, int bind)
{
	void *socket = counted(zmq_socket(context, type));
	int linger = 0;
	MUST(zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof(linger)) == 0);
	MUST((bind ? zmq_bind(socket, address) : zmq_connect(socket, address)) == 0);
	return socket;
}

static void send_both_ways(void *left, void *right)
{
	char byte = 'x';
	zmq_msg_t message;
	MUST(zmq_send(left, &byte, 1, 0) == 1);
	zmq_pollitem_t item = {right, 0, ZMQ_POLLIN, 0};
	MUST(zmq_poll(&item, 1, -1) == 1 && item.revents == ZMQ_POLLIN);
	MUST(zmq_recv(right, &byte, 1, 0) == 1);
	MUST(zmq_msg_init_size(&message, 5) == 0);
	memcpy(zmq_msg_data(&message), "hello", 5);
	MUST(zmq_msg_send(&message, right, 0) == 5);
	MUST(zmq_msg_init(&message) == 0);
	MUST(zmq_msg_recv(&message, left, 0) == 5 && memcmp(zmq_msg_data(&message), "hello", 5) == 0);
	MUST(zmq_msg_close(&message) == 0);
	MUST(zmq_recv(left, &byte, 1, ZMQ_DONTWAIT) == -1 && errno == EAGAIN);
}

/* A context a round: its end waits until the sockets are really gone, so that they never become too many. */
static void *pairs(void *unused)
{
	for (int round = 0; round < ROUNDS; round++) {
		void *context = counted(zmq_ctx_new());
		MUST(zmq_ctx_set(context, ZMQ_IO_THREADS, 1) == 0 && zmq_ctx_get(context, ZMQ_IO_THREADS) == 1);
		void *left[PAIRS], *right[PAIRS];
		char address[32];
		for (int i = 0; i < PAIRS; i++) {
			snprintf(address, sizeof(address), "inproc://pair-%d", i);
			left[i] = open_socket(context, ZMQ_PAIR, address, 1);
			right[i] = open_socket(context, ZMQ_PAIR, address, 0);
			send_both_ways(left[i], right[i]);
		}
		for (int i = 0; i < PAIRS; i++) {
			MUST(zmq_close(right[i]) == 0);
			MUST(zmq_close(left[i]) == 0);
		}
		MUST(zmq_ctx_term(context) == 0);
	}
	return unused;
}

/* A socket is made by one thread, used and closed by another that it was handed to. */
static void *close_what_comes(void *argument)
{
	void *socket;
	char byte;
	while ((socket = take(argument))) {
		MUST(zmq_recv(socket, &byte, 1, 0) == 1);
		MUST(zmq_close(socket) == 0);
	}
	return NULL;
}

static void *handed_sockets(void *unused)
{
	struct hand_over place = HAND_OVER_INIT;
	void *context = counted(zmq_init(1));
	pthread_t closer = start(close_what_comes, &place);
	for (int round = 0; round < ROUNDS; round++) {
		char address[32];
		snprintf(address, sizeof(address), "inproc://hand-%d", round);
		void *sender = open_socket(context, ZMQ_PUSH, address, 1);
		void *receiver = open_socket(context, ZMQ_PULL, address, 0);
		MUST(zmq_send_const(sender, "x", 1, 0) == 1);
		give(&place, receiver);
		MUST(zmq_close(sender) == 0);
	}
	end_giving(&place);
	join(closer);
	MUST(zmq_term(context) == 0);
	return unused;
}

/* The documented way to end: the context's end wakes a parked receive, whose thread then closes its socket. */
struct parked {
	void *context, *socket;
	atomic_int started;
};

static void *park(void *argument)
{
	struct parked *parked = argument;
	char byte;
	atomic_store(&parked->started, 1);
	MUST(zmq_recv(parked->socket, &byte, 1, 0) == -1 && errno == ETERM);
	/* The end waits for this thread's socket, so the context is still there, and is documented to answer. */
	MUST(zmq_socket(parked->context, ZMQ_PAIR) == NULL && errno == ETERM);
	MUST(zmq_close(parked->socket) == 0);
	return NULL;
}

static void *ended_contexts(void *unused)
{
	for (int round = 0; round < PARKED; round++) {
		void *context = counted(zmq_ctx_new());
		struct parked parked = {context, open_socket(context, ZMQ_PULL, "inproc://never", 1), 0};
		pthread_t thread = start(park, &parked);
		while (!atomic_load(&parked.started))
			sched_yield();
		if (round % 2)
			MUST(zmq_ctx_shutdown(context) == 0);
		MUST(zmq_ctx_destroy(context) == 0);
		join(thread);
	}
	return unused;
}

static void *run_proxy(void *argument)
{
	void **sockets = argument;
	MUST(zmq_proxy_steerable(sockets[0], sockets[1], NULL, sockets[2]) == 0);
	return NULL;
}

static void proxy(void)
{
	void *context = counted(zmq_ctx_new());
	void *sockets[3] = {open_socket(context, ZMQ_PULL, "inproc://front", 1),
	                    open_socket(context, ZMQ_PUSH, "inproc://back", 1),
	                    open_socket(context, ZMQ_PAIR, "inproc://control", 1)};
	void *sender = open_socket(context, ZMQ_PUSH, "inproc://front", 0);
	void *receiver = open_socket(context, ZMQ_PULL, "inproc://back", 0);
	void *control = open_socket(context, ZMQ_PAIR, "inproc://control", 0);
	pthread_t thread = start(run_proxy, sockets);
	char byte = 'x';
	MUST(zmq_send(sender, &byte, 1, 0) == 1 && zmq_recv(receiver, &byte, 1, 0) == 1);
	MUST(zmq_send(control, "TERMINATE", 9, 0) == 9);
	join(thread);
	MUST(zmq_close(sender) == 0 && zmq_close(receiver) == 0 && zmq_close(control) == 0);
	for (int i = 0; i < 3; i++)
		MUST(zmq_close(sockets[i]) == 0);
	MUST(zmq_ctx_term(context) == 0);
}

/* A monitored socket: the library opens and closes a socket of its own for the events. */
static void monitor(void)
{
	void *context = counted(zmq_ctx_new());
	void *socket = open_socket(context, ZMQ_PAIR, "inproc://monitored", 1);
	MUST(zmq_socket_monitor(socket, "inproc://events", ZMQ_EVENT_ALL) == 0);
	void *events = open_socket(context, ZMQ_PAIR, "inproc://events", 0);
	MUST(zmq_socket_monitor(socket, NULL, 0) == 0);
	MUST(zmq_close(events) == 0 && zmq_close(socket) == 0);
	MUST(zmq_ctx_term(context) == 0);
}

static void add_in_thread(void *counter)
{
	zmq_atomic_counter_inc(counter);
}

static void *counters(void *unused)
{
	for (int i = 0; i < COUNTERS; i++) {
		void *counter = counted(zmq_atomic_counter_new());
		zmq_atomic_counter_set(counter, 1);
		MUST(zmq_atomic_counter_inc(counter) == 1);
		MUST(zmq_atomic_counter_dec(counter) == 1 && zmq_atomic_counter_value(counter) == 1);
		MUST(zmq_atomic_counter_dec(counter) == 0);
		zmq_atomic_counter_destroy(&counter);
		MUST(!counter);
	}
	return unused;
}

struct firing {
	void *timers;
	int fired;
};

/* A timer of no interval is due again at once, until it is cancelled from within. */
static void fire_twice(int timer, void *argument)
{
	struct firing *firing = argument;
	if (++firing->fired == 2)
		MUST(zmq_timers_cancel(firing->timers, timer) == 0);
}

static void *timers(void *unused)
{
	for (int i = 0; i < TIMERS; i++) {
		struct firing firing = {counted(zmq_timers_new()), 0};
		int later = zmq_timers_add(firing.timers, 3600 * 1000, fire_twice, &firing);
		MUST(later >= 0 && zmq_timers_timeout(firing.timers) > 0);
		MUST(zmq_timers_add(firing.timers, 0, fire_twice, &firing) >= 0);
		MUST(zmq_timers_execute(firing.timers) == 0 && firing.fired == 2);
		MUST(zmq_timers_set_interval(firing.timers, later, 7200 * 1000) == 0);
		MUST(zmq_timers_reset(firing.timers, later) == 0 && zmq_timers_cancel(firing.timers, later) == 0);
		MUST(zmq_timers_destroy(&firing.timers) == 0 && !firing.timers);
	}
	return unused;
}

static void *stopwatches(void *unused)
{
	for (int i = 0; i < WATCHES; i++) {
		void *watch = counted(zmq_stopwatch_start());
		unsigned long lap = zmq_stopwatch_intermediate(watch);
		MUST(zmq_stopwatch_stop(watch) >= lap);
	}
	return unused;
}

static void zmq_threads(void)
{
	void *counter = counted(zmq_atomic_counter_new());
	void *threads[ZMQ_THREADS];
	for (int i = 0; i < ZMQ_THREADS; i++)
		threads[i] = counted(zmq_threadstart(add_in_thread, counter));
	for (int i = 0; i < ZMQ_THREADS; i++)
		zmq_threadclose(threads[i]);
	MUST(zmq_atomic_counter_value(counter) == ZMQ_THREADS);
	zmq_atomic_counter_destroy(&counter);
}

static void *all_classes(void *unused)
{
	pairs(NULL);
	counters(NULL);
	timers(NULL);
	stopwatches(NULL);
	return unused;
}

int main(void)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		threads[i] = start(all_classes, NULL);
	pthread_t handed = start(handed_sockets, NULL), ended = start(ended_contexts, NULL);
	proxy();
	monitor();
	zmq_threads();
	for (int i = 0; i < THREADS; i++)
		join(threads[i]);
	join(handed);
	join(ended);
	MUST(atomic_load(&handles) >= 100000);
	printf("%lu handles created, used and freed\n", atomic_load(&handles));
	return 0;
}
