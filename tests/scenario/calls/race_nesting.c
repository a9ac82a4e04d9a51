/* A free meets an op that is nested deeper than the recording has frames for: it is named, and waited for.
 *
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_wait in any on nester; create gate_open in
 *     main; drained
 * recording: handles.gate.freed=2 counters.frames-full=>0
 */
#include "scenario.h"

static gate *outer, *inner;
static int depth;

static void deeper(void *unused)
{
	(void)unused;
	if (++depth < 100)
		CHECK(gate_call(outer, deeper, NULL) == 4);
	else
		CHECK(gate_wait(inner) == 2);
}

int main(void)
{
	struct side nester, closer;
	outer = gate_open();
	inner = gate_open();
	tell("g", inner);
	start(&nester, "nester", deeper, NULL);
	gate_await_parked(inner, 1);
	start(&closer, "closer", close_it, inner);
	await_drain(&closer);
	gate_let_go(inner);
	join(&nester);
	join(&closer);
	gate_close(outer);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
