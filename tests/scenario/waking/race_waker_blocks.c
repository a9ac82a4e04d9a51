/* Who frees holds a lock that the waking function needs: the free gives up at its deadline and goes on. The function is
 * in flight on the handle until it has returned, so that the real free comes after it, and its thread ends with it. A
 * process that ends before ends all the same.
 *
 * run: HANDLEGUARD_DEADLINE_MS=30
 * finding: drain-timeout pier p; call gate_pier_close in main; op gate_pier_wait in wait_at_pier on waiter;
 *     create gate_pier_open in main; drained; deferred; woken gate_pier_interrupt stays
 * finding: freed-late pier p; call gate_pier_close in any; free gate_pier_close in main; create gate_pier_open in main; drained
 * recording: handles.pier.freed=1
 *
 * run: HANDLEGUARD_DEADLINE_MS=30 HANDLEGUARD_AFTER_DEADLINE=leak
 * finding: drain-timeout pier p; call gate_pier_close in main; op gate_pier_wait in wait_at_pier on waiter;
 *     create gate_pier_open in main; drained; woken gate_pier_interrupt stays
 * recording: handles.pier.leaked=1
 */
#include "waking.h"

int main(void)
{
	struct side waiter;
	bool leaks = getenv("HANDLEGUARD_AFTER_DEADLINE");
	gate_pier *p = gate_pier_open();
	tell("p", p);
	start(&waiter, "waiter", wait_at_pier, p);
	gate_pier_await_parked(p);
	gate_pier_lock();
	gate_pier_close(p);
	/* The op leaves, and the function has not returned. */
	gate_pier_let_go(p);
	join(&waiter);
	CHECK(gate_frees() == 0 && wakers() == 1);
	if (leaks)
		return 0;
	gate_pier_unlock();
	await_no_waker();
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
