/* A handle is closed by one thread, and another one looks whether that has been done before it closes or uses it. The
 * first close is held back where it has not begun, or where the handle is gone and nobody has been told yet: then the
 * other comes too late. No near miss tells of that. Nobody sleeps as long as a hold may last.
 *
 * run: HANDLEGUARD_PROVOKE=on HANDLEGUARD_PROVOKE_POINTS=f HANDLEGUARD_PROVOKE_BUDGET=100 HANDLEGUARD_PROVOKE_DELAY_MS=60000
 * finding: repeat-free gate g; call gate_close in close_it on closer; free gate_close in close_again; create gate_open in main
 *
 * run: HANDLEGUARD_PROVOKE=on HANDLEGUARD_PROVOKE_POINTS=a HANDLEGUARD_PROVOKE_BUDGET=100 HANDLEGUARD_PROVOKE_DELAY_MS=60000
 * finding: repeat-free gate g; call gate_close in close_again; free gate_close in close_it on closer; create gate_open in main
 */
#include "scenario.h"

static void close_again(gate *g)
{
	gate_close(g);
}

int main(void)
{
	struct side closer;
	gate *bound = gate_open(), *g = gate_open();
	close_again(bound); /* the function is known from here on */
	tell("g", g);
	start(&closer, "closer", close_it, g);
	await_drain(&closer);
	close_again(g);
	join(&closer);
	CHECK(gate_violations() == 0);
	return 0;
}
