/* A callback from inside a free uses the handle, from deeper down than the stack is climbed: it is taken to be the
 * free's own by where it stands, and that it is a guess is said.
 *
 * recording: handles.gate.freed=1 calls.gate_touch=1 counters.climbs-cut=>0
 */
#include "scenario.h"

enum { DEPTH = 10500 };

static gate *g;

static int touch_below(int depth)
{
	if (depth == 0)
		return gate_touch(g);
	return touch_below(depth - 1) + 1;
}

static void touch_deep(void *unused)
{
	(void)unused;
	CHECK(touch_below(DEPTH) == DEPTH + 1);
}

int main(void)
{
	g = gate_open();
	gate_close_with(g, touch_deep, NULL);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
