/* More findings than the ring holds: the oldest are overwritten, or the newest dropped, as asked; all are counted.
 *
 * run: HANDLEGUARD_RING_KIB=64 HANDLEGUARD_REPEAT_LIMIT=1000000
 * finding: repeat-free gate any x1000; call gate_close in close_again; free gate_close in close_it;
 *     create gate_open in main
 * recording: counters.findings-overwritten=>500 counters.findings-dropped=0 counters.findings-folded=0
 * run: HANDLEGUARD_RING_KIB=64 HANDLEGUARD_REPEAT_LIMIT=1000000 HANDLEGUARD_ON_FULL=drop
 * finding: repeat-free gate first x1000; call gate_close in close_again; free gate_close in close_it;
 *     create gate_open in main
 * recording: counters.findings-overwritten=0 counters.findings-dropped=>500 counters.findings-folded=0
 */
#include "scenario.h"

static void close_again(gate *g)
{
	gate_close(g);
}

int main(void)
{
	for (int i = 0; i < 1000; i++) {
		gate *g = gate_open();
		if (i == 0)
			tell("first", g);
		close_it(g);
		close_again(g);
	}
	CHECK(gate_frees() == 1000 && gate_violations() == 0);
	return 0;
}
