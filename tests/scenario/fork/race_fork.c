/* A child frees what it inherited, twice; its finding is in its own recording, and the parent's handle lives on. Of a
 * handle of its own it is not said who freed, nor of one that the parent frees.
 *
 * recordings: 2
 * finding: repeat-free gate g; call gate_close in close_again; free gate_close in close_it;
 *     create gate_open in main; child; by a forked child, of a handle that was there before the fork
 * finding: repeat-free gate own; call gate_close in close_own_again; free gate_close in close_it;
 *     create gate_open in make_own; child; by nobody
 * finding: repeat-free gate parents; call gate_close in close_parents_again; free gate_close in close_it;
 *     create gate_open in main; by nobody
 * recording: handles.gate.freed=2 calls.gate_touch=1
 * child: handles.gate.freed=2
 */
#include "scenario.h"

static void close_again(gate *g)
{
	gate_close(g);
}

static void close_own_again(gate *g)
{
	gate_close(g);
}

static void close_parents_again(gate *g)
{
	gate_close(g);
}

static void make_own(void)
{
	gate *own = gate_open();
	tell("own", own);
	close_it(own);
	close_own_again(own);
}

int main(void)
{
	gate *g = gate_open();
	tell("g", g);
	pid_t child = fork();
	if (child == 0) {
		close_it(g);
		close_again(g);
		make_own();
		CHECK(gate_frees() == 2 && gate_violations() == 0);
		exit(0);
	}
	await_child(child);
	CHECK(gate_touch(g) == 1);
	gate_close(g);
	gate *parents = gate_open();
	tell("parents", parents);
	close_it(parents);
	close_parents_again(parents);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
