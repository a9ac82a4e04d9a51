/* A child frees what it inherited, twice; its finding is in its own recording, and the parent's handle lives on.
 *
 * recordings: 2
 * finding: repeat-free gate g; call gate_close in close_again; free gate_close in close_it;
 *     create gate_open in main; child
 * recording: handles.gate.freed=1 calls.gate_touch=1
 * child: handles.gate.freed=1
 */
#include "scenario.h"

static void close_again(gate *g)
{
	gate_close(g);
}

int main(void)
{
	gate *g = gate_open();
	tell("g", g);
	pid_t child = fork();
	if (child == 0) {
		close_it(g);
		close_again(g);
		CHECK(gate_frees() == 1 && gate_violations() == 0);
		exit(0);
	}
	await_child(child);
	CHECK(gate_touch(g) == 1);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
