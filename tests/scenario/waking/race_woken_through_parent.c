/* A parked op on a child is woken through the handle that it was made from: when the child is freed, and when that
 * handle is.
 *
 * finding: late-free plank first; call gate_plank_close in close_plank on closer;
 *     op gate_plank_wait in wait_at_plank on waiter; create gate_plank_open in park; drained; woken gate_pier_interrupt
 * finding: late-free pier p; call gate_pier_close in close_pier on closer;
 *     op gate_plank_wait in wait_at_plank on waiter; create gate_pier_open in main; drained; woken gate_pier_interrupt
 * finding: orphan pier p; call gate_pier_close in close_pier on closer; alive gate_plank_open in park;
 *     create gate_pier_open in main
 * finding: leak plank any; create gate_plank_open in park
 */
#include "waking.h"

static void wait_at_plank(void *plank)
{
	CHECK(gate_plank_wait(plank) == 2);
}

static void close_plank(void *plank)
{
	gate_plank_close(plank);
}

static gate_plank *park(gate_pier *p, struct side *waiter)
{
	gate_plank *plank = gate_plank_open(p);
	start(waiter, "waiter", wait_at_plank, plank);
	gate_pier_await_parked(p);
	return plank;
}

int main(void)
{
	struct side waiter, closer;
	int number;
	gate_pier *p = gate_pier_open(), *other = gate_pier_open();
	tell("p", p);
	gate_plank *first = park(other, &waiter);
	tell("first", first);
	start(&closer, "closer", close_plank, first);
	join(&closer);
	join(&waiter);
	CHECK(gate_pier_interrupts(other, &number) > 0 && number == 2);
	gate_pier_close(other);
	park(p, &waiter);
	start(&closer, "closer", close_pier, p);
	join(&closer);
	join(&waiter);
	CHECK(gate_pier_interrupts(p, &number) > 0 && number == 2);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
