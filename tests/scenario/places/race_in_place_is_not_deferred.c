/* When the end of a well has returned, its memory is the caller's again: it is never left to an op, which would end
 * what is somewhere else by then. One that cannot be waited for, and one that is waited for in vain, leak.
 *
 * run: HANDLEGUARD_DEADLINE_MS=20 HANDLEGUARD_DRAIN=defer
 * finding: drain-timeout well a; call gate_well_end in end_it on ender; op gate_well_wait in wait_in_well on waiter;
 *     create gate_well_init in main; drained; deadline 20
 * finding: reentrant-free well b; call gate_well_end in end_it; op gate_well_call in main; create gate_well_init in main;
 *     deadline 20
 * recording: handles.well.created=3 handles.well.freed=1 handles.well.leaked=2
 */
#include "scenario.h"

static void wait_in_well(void *well)
{
	CHECK(gate_well_wait(well) == 2);
}

static void end_it(void *well)
{
	gate_well_end(well);
}

int main(void)
{
	struct side waiter, ender;
	gate_well a = {NULL}, b = {NULL};
	tell("a", &a);
	tell("b", &b);
	CHECK(gate_well_init(&a, false) == 0 && gate_well_init(&b, false) == 0);
	start(&waiter, "waiter", wait_in_well, &a);
	gate_well_await_parked(&a);
	start(&ender, "ender", end_it, &a);
	join(&ender);
	gate_well_let_go(&a);
	join(&waiter);
	CHECK(gate_well_call(&b, end_it) == 4);
	CHECK(gate_frees() == 0 && gate_violations() == 0);
	CHECK(gate_well_init(&a, false) == 0 && gate_well_touch(&a) == 1);
	gate_well_end(&a);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
