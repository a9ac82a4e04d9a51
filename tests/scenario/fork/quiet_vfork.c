/* A child of vfork uses the parent's memory until it calls exec; what it calls counts as the parent's. The program that
 * it becomes never calls the library, and leaves no recording.
 *
 * recording: handles.gate.freed=1 calls.gate_touch=3 counters.forks=0
 */
#define _GNU_SOURCE
#include "scenario.h"

int main(void)
{
	gate *g = gate_open();
	CHECK(gate_touch(g) == 1);
	pid_t child = vfork();
	if (child == 0) {
		if (gate_touch(g) == 1)
			execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	await_child(child);
	CHECK(gate_touch(g) == 1);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
