/* Memory of the program's own is filled and ended, time and again at one address: each filling is a new life. One that
 * fails is none, and can be ended all the same; one that calls back is known to all before it returns; what is renewed
 * ends and begins at once; and null is no memory.
 *
 * recording: handles.well.created=8 handles.well.freed=10 handles.well.adopted=2 handles.well.live=0
 */
#include "scenario.h"

static void touch(void *well)
{
	CHECK(gate_well_touch(well) == 1);
}

static void let_others_know(void *well)
{
	struct side other;
	touch(well);
	start(&other, "other", touch, well);
	join(&other);
}

static void live_thrice(gate_well *well)
{
	for (int i = 0; i < 3; i++) {
		CHECK(gate_well_init(well, false) == 0);
		let_others_know(well);
		gate_well_end(well);
	}
}

int main(void)
{
	gate_well well = {NULL}, copy = {NULL};
	CHECK(gate_well_init(&well, true) == -1);
	live_thrice(&well);
	for (int i = 0; i < 2; i++) {
		CHECK(gate_well_init(&well, true) == -1);
		gate_well_end(&well);
	}
	CHECK(gate_well_init_with(&well, let_others_know) == 0);
	CHECK(gate_well_copy(&copy, &well) == 0);
	gate_well_end(&well);
	touch(&copy);
	CHECK(gate_well_renew(&copy) == 0);
	let_others_know(&copy);
	gate_well_end(&copy);
	CHECK(gate_well_init_by_another(&well) == 0 && gate_well_renew(&well) == 0);
	gate_well_end(&well);
	CHECK(gate_frees() == 10 && gate_violations() == 0);
	return 0;
}
