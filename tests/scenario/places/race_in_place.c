/* What goes wrong with memory of the program's own: it is ended while another thread is in an op of it, used and ended
 * after its end, also between two lives, filled again without an end, and left as it was.
 *
 * finding: late-free well a; call gate_well_end in end_it on ender; op gate_well_wait in wait_in_well on waiter;
 *     create gate_well_init in begin; drained
 * finding: late-op well a; call gate_well_touch in touch; free gate_well_end in end_it on ender;
 *     create gate_well_init in begin
 * finding: repeat-free well a g2; call gate_well_end in main; free gate_well_end in end_it; create gate_well_init in begin
 * finding: reborn well b g2; call gate_well_init in begin; create gate_well_init in begin
 * finding: reborn well b g3; call gate_well_init_by_another in main; create gate_well_init in begin
 * finding: leak well b g3; create gate_well_init_by_another in main
 * recording: handles.well.created=5 handles.well.freed=4 handles.well.adopted=0
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

static void begin(gate_well *well)
{
	CHECK(gate_well_init(well, false) == 0);
}

static int touch(gate_well *well)
{
	return gate_well_touch(well);
}

static void race(gate_well *a)
{
	struct side waiter, ender;
	begin(a);
	start(&waiter, "waiter", wait_in_well, a);
	gate_well_await_parked(a);
	start(&ender, "ender", end_it, a);
	await_drain(&ender);
	gate_well_let_go(a);
	join(&waiter);
	join(&ender);
}

int main(void)
{
	static gate_well a, b;
	tell("a", &a);
	tell("b", &b);
	race(&a);
	CHECK(touch(&a) == -EPIPE);
	begin(&a);
	CHECK(touch(&a) == 1);
	end_it(&a);
	gate_well_end(&a);
	begin(&b);
	begin(&b);
	CHECK(gate_well_init_by_another(&b) == 0);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
