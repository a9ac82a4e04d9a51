/* A thread that is cancelled asynchronously while its free waits ends there and then, as it would inside the library.
 * The handle stays: nobody else frees it, nobody enters it any more, and nobody waits.
 *
 * finding: late-free gate g; call gate_close in close_cancellable on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; unfinished
 * finding: unwound gate g; call gate_close in close_cancellable on closer; create gate_open in main
 * finding: late-op gate g; call gate_touch in main; free gate_close in close_cancellable on closer; create gate_open in main
 * finding: repeat-free gate g; call gate_close in main; free gate_close in close_cancellable on closer;
 *     create gate_open in main
 * recording: handles.gate.created=1 handles.gate.freed=0
 */
#include "scenario.h"

static void close_cancellable(void *g)
{
	CHECK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL) == 0);
	gate_close(g);
	CHECK(!"cancelled");
}

int main(void)
{
	struct side waiter, closer;
	void *result;
	gate *g = gate_open();
	tell("g", g);
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	start(&closer, "closer", close_cancellable, g);
	await_drain(&closer);
	CHECK(pthread_cancel(closer.thread) == 0);
	CHECK(pthread_join(closer.thread, &result) == 0);
	CHECK(result == PTHREAD_CANCELED);
	CHECK(gate_touch(g) == -EPIPE);
	gate_let_go(g);
	join(&waiter);
	gate_close(g);
	CHECK(gate_frees() == 0 && gate_violations() == 0);
	return 0;
}
