/* A handle is the leak of the process that made it: the child, which exits with handles of its parent's alive, is not
 * blamed for them, but for its own.
 *
 * recordings: 2
 * finding: leak gate own; create gate_open in keep; child
 * recording: handles.gate.created=2 handles.gate.freed=2
 * child: handles.gate.freed=0 calls.gate_touch=1
 */
#include "scenario.h"

static void keep(void)
{
	tell("own", gate_open());
}

int main(void)
{
	gate *one = gate_open(), *other = gate_open();
	pid_t child = fork();
	if (child == 0) {
		CHECK(gate_touch(one) == 1);
		keep();
		exit(0);
	}
	await_child(child);
	gate_close(one);
	gate_close(other);
	return 0;
}
