/* The real free is left to the op that the handle is freed from: what it frees is held back all the same.
 *
 * finding: reentrant-free crate old; call gate_crate_close in close_inside; op gate_crate_call in main;
 *     create gate_crate_open in main; deferred
 * finding: late-op crate old; call gate_crate_touch in main; free gate_crate_close in close_inside;
 *     create gate_crate_open in main
 * recording: counters.quarantine-held=2
 */
#include "scenario.h"

static void close_inside(void *crate)
{
	gate_crate_close(crate);
}

int main(void)
{
	gate_crate *old = gate_crate_open();
	tell("old", old);
	CHECK(gate_crate_call(old, close_inside, old) == 4);
	gate_crate *fresh = gate_crate_open();
	CHECK(fresh != old);
	CHECK(gate_crate_touch(old) == -EPIPE);
	gate_crate_close(fresh);
	return 0;
}
