/* Forked in more ops than a child can be told of: that it does not know of some is said.
 *
 * recording: handles.gate.freed=1 calls.gate_call=140 counters.frames-lost=12
 */
#include "scenario.h"

enum { DEPTH = 140 };

static gate *g;
static int depth;

static void deeper(void *unused)
{
	if (depth++ < DEPTH) {
		CHECK(gate_call(g, deeper, unused) == 4);
		return;
	}
	pid_t child = fork();
	if (child == 0)
		_exit(0);
	await_child(child);
}

int main(void)
{
	g = gate_open();
	deeper(NULL);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
