/* What is not said to park is let be, and so is everything where the run only observes.
 *
 * finding: late-free pier p; call gate_pier_close in close_pier on closer; op gate_pier_stay in stay_at_pier on waiter;
 *     create gate_pier_open in main; drained
 *
 * run: HANDLEGUARD_MODE=observe
 * finding: late-free pier p; call gate_pier_close in close_pier on closer; op gate_pier_wait in wait_at_pier on waiter;
 *     create gate_pier_open in main
 */
#include "waking.h"

static void stay_at_pier(void *pier)
{
	CHECK(gate_pier_stay(pier) == 1);
}

int main(void)
{
	struct side waiter, closer;
	int number;
	bool observes = getenv("HANDLEGUARD_MODE");
	gate_pier *p = gate_pier_open();
	tell("p", p);
	start(&waiter, "waiter", observes ? wait_at_pier : stay_at_pier, p);
	gate_pier_await_parked(p);
	start(&closer, "closer", close_pier, p);
	if (observes)
		join(&closer);
	else
		await_drain(&closer);
	CHECK(wakers() == 0);
	gate_pier_let_go(p);
	join(&waiter);
	if (!observes)
		join(&closer);
	CHECK(gate_pier_interrupts(p, &number) == 0 && gate_frees() == 1);
	return 0;
}
