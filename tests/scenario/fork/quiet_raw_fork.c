/* The same without the C library's knowledge: no fork handler runs. The child is forked inside an op, and leaves it.
 *
 * recordings: 2
 * recording: handles.gate.created=1 handles.gate.freed=1 calls.gate_call=1 calls.gate_touch=2
 * child: handles.gate.freed=1 calls.gate_touch=1 counters.forks=1
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>

#include "scenario.h"

static long child;

static void fork_inside(void *unused)
{
	(void)unused;
	child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

int main(void)
{
	gate *g = gate_open();
	CHECK(gate_touch(g) == 1 && gate_touch(g) == 1);
	CHECK(gate_call(g, fork_inside, NULL) == 4);
	if (child != 0)
		await_child((pid_t)child);
	else
		CHECK(gate_touch(g) == 1);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
