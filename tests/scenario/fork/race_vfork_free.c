/* A child of vfork frees a handle that a thread of its parent uses, on a thread that had not called anything before.
 * Child and parent are one process to the guards: the free waits, and nobody takes for gone who is the parent's, nor
 * the parent's thread once the child is gone.
 *
 * finding: late-free gate g; call gate_close in main; op gate_wait in wait_in on waiter; create gate_open in open_both;
 *     drained
 * finding: late-free gate other; call gate_close in close_other on closer; op gate_wait in wait_in<main; create gate_open
 *     in open_both; drained
 * recording: handles.gate.created=2 handles.gate.freed=2 counters.forks=0
 */
#define _GNU_SOURCE
#include <sched.h>

#include "scenario.h"

static gate *g, *other;
static struct side opener, waiter, closer, helper, freer; /* freer: the child */
static _Atomic int freer_tid;

static void open_both(void *unused)
{
	(void)unused;
	g = gate_open();
	other = gate_open();
	tell("g", g);
	tell("other", other);
}

static void help(void *unused)
{
	(void)unused;
	while (!(freer.tid = freer_tid))
		sched_yield();
	await_drain(&freer);
	gate_let_go(g);
	gate_await_parked(other, 1);
	await_drain(&closer);
	gate_let_go(other);
}

static void close_other(void *unused)
{
	(void)unused;
	gate_await_parked(other, 1);
	gate_close(other);
}

int main(void)
{
	start(&opener, "opener", open_both, NULL);
	join(&opener);
	start(&waiter, "waiter", wait_in, g);
	start(&helper, "helper", help, NULL);
	start(&closer, "closer", close_other, NULL);
	gate_await_parked(g, 1);
	pid_t child = vfork();
	if (child == 0) {
		freer_tid = getpid();
		gate_close(g);
		_exit(0);
	}
	await_child(child);
	wait_in(other);
	join(&waiter);
	join(&helper);
	join(&closer);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
