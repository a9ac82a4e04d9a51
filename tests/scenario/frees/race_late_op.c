/* An op on a handle that was freed: it is rejected and touches nothing.
 *
 * finding: late-op gate g; call gate_touch in use_late on user; free gate_close in close_it; create gate_make in make
 * recording: calls.gate_touch=2
 */
#include "scenario.h"

static gate *make(void)
{
	gate *g = NULL;
	CHECK(gate_make(false, &g) == 0);
	return g;
}

static void use_late(void *g)
{
	CHECK(gate_touch(g) == -EPIPE);
}

int main(void)
{
	struct side user;
	gate *g = make();
	tell("g", g);
	CHECK(gate_touch(g) == 1);
	close_it(g);
	start(&user, "user", use_late, g);
	join(&user);
	CHECK(gate_uses() == 1 && gate_violations() == 0);
	return 0;
}
