/* Forked by another thread than the first, with _Fork and by raw system call, while the others are in ops: the child's
 * only thread runs on that thread's stack, frees what it inherited, and has its own recording.
 *
 * recordings: 3
 * recording: handles.gate.created=1 handles.gate.freed=1 calls.gate_wait=2 counters.forks=0
 * child: handles.gate.created=1 handles.gate.freed=2 calls.gate_wait=0 counters.forks=1
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>

#include "scenario.h"

static void live_as_child(gate *g)
{
	gate *own = gate_open();
	CHECK(gate_touch(g) == 1 && gate_touch(own) == 1);
	gate_close(g);
	gate_close(own);
	CHECK(gate_frees() == 2);
	exit(0);
}

static void fork_twice(void *g)
{
	CHECK(gate_touch(g) == 1);
	pid_t child = _Fork();
	if (child == 0)
		live_as_child(g);
	await_child(child);
	child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (child == 0)
		live_as_child(g);
	await_child(child);
	CHECK(gate_touch(g) == 1);
}

int main(void)
{
	struct side waiters[2], forker;
	gate *g = gate_open();
	for (int i = 0; i < 2; i++)
		start(&waiters[i], "waiter", wait_in, g);
	gate_await_parked(g, 2);
	start(&forker, "forker", fork_twice, g);
	join(&forker);
	gate_let_go(g);
	for (int i = 0; i < 2; i++)
		join(&waiters[i]);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
