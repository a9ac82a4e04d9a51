/* The program frees through a function of its own, once from here and once from there: the stacks tell which was which.
 *
 * finding: repeat-free gate g; call gate_close in drop<there<main; free gate_close in drop<here<main;
 *     create gate_open in main
 * recording: handles.gate.freed=1
 */
#include "scenario.h"

static void drop(gate *g)
{
	gate_close(g);
}

static void here(gate *g)
{
	drop(g);
}

static void there(gate *g)
{
	drop(g);
}

int main(void)
{
	gate *g = gate_open();
	tell("g", g);
	here(g);
	there(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
