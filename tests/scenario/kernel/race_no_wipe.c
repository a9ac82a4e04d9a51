/* The kernel refuses memory that forks wipe: since the program has begun, or from before the start. A child by fork,
 * also one that is forked inside an op, is guarded and recorded as ever. One by the bare system call is too, or else it
 * goes unguarded, says so, and leaves the parent's recording and the parent's ops alone.
 *
 * run: WHEN=late
 * recordings: 3
 * finding: late-free gate g; call gate_close in close_it<main; op gate_wait in wait_in on waiter; create gate_open in main;
 *     drained
 * finding: late-op gate own; call gate_touch in live_as_child<main; free gate_close in live_as_child<main;
 *     create gate_open in live_as_child<main; child
 * recording: handles.gate.created=2 handles.gate.freed=2 calls.gate_touch=1 counters.forks=0 counters.forks-unseen=0
 * child: counters.forks=1
 *
 * run: WHEN=early
 * recordings: 2
 * finding: late-free gate g; call gate_close in close_it<main; op gate_wait in wait_in on waiter; create gate_open in main;
 *     drained
 * finding: late-op gate own; call gate_touch in live_as_child<main; free gate_close in live_as_child<main;
 *     create gate_open in live_as_child<main; child
 * recording: handles.gate.created=2 handles.gate.freed=2 calls.gate_touch=1 counters.forks=0 counters.forks-unseen=>0
 * child: handles.gate.created=1 handles.gate.freed=2 counters.forks=1
 * stderr: was not forked by the C library's fork
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "filter.h"
#include "scenario.h"

static void forbid_wiping(void)
{
	static const struct filtered_call wipe = {
	    SYS_madvise, true, 2, MADV_WIPEONFORK, MADV_WIPEONFORK, SECCOMP_RET_ERRNO | EINVAL};
	CHECK(filter_call(&wipe, 0) == 0);
}

/* What a fork leaves of its parent's threads is nothing that this one waits for. */
static void live_as_child(gate *g)
{
	gate *own = gate_open();
	tell("own", own);
	gate_close(own);
	CHECK(gate_touch(own) == -EPIPE);
	gate_close(g);
	CHECK(gate_frees() == 2);
	exit(0);
}

static struct side waiter, helper;
static sem_t closing;

static void help(void *closer)
{
	sem_wait(&closing);
	await_drain(closer);
	gate_let_go((gate *)waiter.argument);
}

static pid_t forked;

static void fork_inside(void *unused)
{
	(void)unused;
	forked = fork();
}

/* Once more from the start, under the filter. */
static void begin(char **arguments)
{
	bool early = strcmp(getenv("WHEN"), "early") == 0;
	if (!early || !arguments[1])
		forbid_wiping();
	if (early && !arguments[1])
		execl("/proc/self/exe", arguments[0], "again", (char *)NULL);
}

int main(int count, char **arguments)
{
	(void)count;
	struct side self = {.tid = getpid()};
	begin(arguments);
	gate *g = gate_open(), *other = gate_open();
	tell("g", g);
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	CHECK(gate_call(other, fork_inside, NULL) == 4);
	if (forked == 0)
		live_as_child(g);
	await_child(forked);
	pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (child == 0)
		exit(gate_touch(g) == 1 ? 0 : 1);
	await_child(child);
	CHECK(gate_touch(g) == 1);
	sem_init(&closing, 0, 0);
	start(&helper, "helper", help, &self);
	sem_post(&closing);
	close_it(g);
	join(&waiter);
	join(&helper);
	gate_close(other);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
