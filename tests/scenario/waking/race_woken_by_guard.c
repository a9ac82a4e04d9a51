/* Nobody but the guard wakes the parked op: by the function that the manifest names, on a thread of its own, again and
 * again, for what comes too early is lost.
 *
 * finding: late-free pier p; call gate_pier_close in close_pier on closer; op gate_pier_wait in wait_at_pier on waiter;
 *     create gate_pier_open in main; drained; woken gate_pier_interrupt
 * recording: handles.pier.freed=1 calls.gate_pier_interrupt=0 counters.wakers-refused=0
 *
 * run: HANDLEGUARD_DRAIN=defer
 * finding: late-free pier p; call gate_pier_close in close_pier on closer; op gate_pier_wait in wait_at_pier on waiter;
 *     create gate_pier_open in main; deferred; woken gate_pier_interrupt
 * recording: handles.pier.freed=1
 */
#include <limits.h>

#include "waking.h"

int main(void)
{
	enum { EARLY = 4 };
	struct side waiter, closer;
	int number;
	/* A free that is put off is so once its call has returned: the op must not have left before. */
	bool defers = getenv("HANDLEGUARD_DRAIN");
	gate_pier *p = gate_pier_open();
	tell("p", p);
	gate_pier_lose(p, defers ? INT_MAX : EARLY);
	start(&waiter, "waiter", wait_at_pier, p);
	gate_pier_await_parked(p);
	start(&closer, "closer", close_pier, p);
	join(&closer);
	if (defers)
		gate_pier_lose(p, EARLY);
	join(&waiter);
	await_no_waker();
	/* One more may come while the op that was woken leaves. */
	CHECK(gate_pier_interrupts(p, &number) > EARLY && number == 1);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
