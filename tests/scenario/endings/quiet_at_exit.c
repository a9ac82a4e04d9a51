/* Wisps that are used and left, by threads that end before: no leak, as the library ends them. One that is made as late
 * as in a handler of the program's which is run after that of the library is a new one.
 *
 * observed: same
 * recording: handles.wisp.created=3 handles.wisp.freed=3 handles.wisp.live=0
 */
#include "scenario.h"

static void use(void *wisp)
{
	CHECK(gate_wisp_touch(wisp) == 1);
}

static void use_another(void)
{
	CHECK(gate_frees() == 2);
	gate *late = gate_wisp_open();
	use(late);
	gate_wisp_close(late);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
}

int main(void)
{
	struct side other;
	CHECK(atexit(use_another) == 0);
	gate *first = gate_wisp_open(), *second = gate_wisp_open();
	use(first);
	start(&other, "other", use, second);
	join(&other);
	return 0;
}
