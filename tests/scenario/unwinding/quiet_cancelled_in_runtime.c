/* A cancellation is pending when a thread comes to what the guards do once a process, once a thread, and each time that
 * the recording needs room for more threads. None of it is a cancellation point: the calls are made, and the thread
 * ends where the program lets it.
 *
 * recording: handles.gate.created=40 handles.gate.freed=40 calls.gate_wait=40 counters.start-unfinished=0
 */
#include "scenario.h"

enum { HOLDERS = 40 };

static gate *gates[HOLDERS];

static void hold(void *at)
{
	gate **own = at;
	CHECK(pthread_cancel(pthread_self()) == 0);
	*own = gate_open();
	CHECK(gate_touch(*own) == 1);
	/* To park is a cancellation point. */
	CHECK(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL) == 0);
	wait_in(*own);
	CHECK(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL) == 0);
	gate_close(*own);
	pthread_testcancel();
	CHECK(!"cancelled");
}

int main(void)
{
	static struct side holders[HOLDERS];
	for (int i = 0; i < HOLDERS; i++) {
		start(&holders[i], "holder", hold, &gates[i]);
		while (!__atomic_load_n(&gates[i], __ATOMIC_ACQUIRE))
			;
		gate_await_parked(gates[i], 1);
	}
	for (int i = 0; i < HOLDERS; i++) {
		void *result = NULL;
		gate_let_go(gates[i]);
		CHECK(pthread_join(holders[i].thread, &result) == 0);
		CHECK(result == PTHREAD_CANCELED);
	}
	CHECK(gate_frees() == HOLDERS && gate_violations() == 0);
	return 0;
}
