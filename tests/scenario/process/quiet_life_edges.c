/* Calls from where the end of a thread, or of the process, is nearly over: destructors of C++ thread_local objects, of
 * thread-local keys in all rounds (the last after the runtime's own), and those of a library that uses the guarded one.
 * So often that contexts of threads that are gone must be used again.
 *
 * recording: handles.gate.created=601 handles.gate.freed=601 handles.gate.live=0 counters.threads-unrecorded=0
 */
#define _GNU_SOURCE
#include <limits.h>

#include "scenario.h"

enum { THREADS = 300, ROUNDS = PTHREAD_DESTRUCTOR_ITERATIONS };

extern int __cxa_thread_atexit_impl(void (*)(void *), void *, void *);
extern void *__dso_handle;

gate *edge_handle(void);

static pthread_key_t late_key;
static _Thread_local int round_;

static void end_of_object(void *g)
{
	CHECK(gate_touch(g) == 1);
	gate_close(g);
}

static void end_of_key(void *g)
{
	CHECK(gate_touch(g) == 1);
	if (++round_ < ROUNDS)
		CHECK(pthread_setspecific(late_key, g) == 0);
	else
		gate_close(g);
}

static void live(void *unused)
{
	(void)unused;
	CHECK(__cxa_thread_atexit_impl(end_of_object, gate_open(), &__dso_handle) == 0);
	CHECK(pthread_setspecific(late_key, gate_open()) == 0);
}

int main(void)
{
	struct side side;
	CHECK(gate_touch(edge_handle()) == 1);
	CHECK(pthread_key_create(&late_key, end_of_key) == 0); /* after the runtime's, which the library's call made */
	for (int i = 0; i < THREADS; i++) {
		start(&side, "short-lived", live, NULL);
		join(&side);
	}
	CHECK(gate_violations() == 0);
	return 0;
}
