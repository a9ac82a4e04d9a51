/* An op that comes too late meets the next life of its handle's address. Nobody can tell it from a rightful one by the
 * value alone, so it passes; a late free then makes the rightful one a repeat: told with the generation it hit.
 *
 * finding: repeat-free gate g g2; call gate_close in main; free gate_close in close_stale on stale;
 *     create gate_open in main
 */
#include "scenario.h"

static void close_stale(void *g)
{
	gate_close(g);
}

int main(void)
{
	struct side stale;
	gate_recycle(true);
	gate *g = gate_open();
	tell("g", g);
	gate_close(g);
	CHECK(gate_open() == g);
	CHECK(gate_touch(g) == 1);
	start(&stale, "stale", close_stale, g);
	join(&stale);
	gate_close(g);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
