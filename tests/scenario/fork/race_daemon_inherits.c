/* A daemon, whose first process has ended before it begins: of a strict class it must not use even that one's handles.
 * One that begins while it is there must not use those of the other class either, also when that has ended since.
 *
 * recordings: 3
 * finding: inherited pact p; call gate_pact_touch in serve; create gate_pact_open in begin; by a forked child,
 *     of a handle that was there before the fork
 * finding: inherited lease l x2; call gate_lease_touch in touch<serve_early; create gate_lease_open in begin; child; by a forked child,
 *     of a handle that was there before the fork
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "scenario.h"

static gate *lease, *pact;
static int begun[2]; /* a pipe: the early one has made its first call */

static int touch(void)
{
	return gate_lease_touch(lease);
}

static void await_end(pid_t parent)
{
	while (getppid() == parent)
		sched_yield();
}

static void serve(pid_t parent)
{
	await_end(parent);
	CHECK(gate_lease_touch(lease) == 1 && gate_lease_close(lease) == 0);
	CHECK(gate_pact_touch(pact) == 1);
	exit(0);
}

static void serve_early(pid_t parent)
{
	CHECK(touch() == 1);
	CHECK(write(begun[1], "", 1) == 1);
	await_end(parent);
	CHECK(touch() == 1);
	exit(0);
}

/* What daemonises itself: the process that has created the handles. */
static void begin(void)
{
	char byte;
	lease = gate_lease_open();
	pact = gate_pact_open();
	tell("l", lease);
	tell("p", pact);
	pid_t parent = getpid();
	if (fork() == 0)
		serve(parent);
	if (fork() == 0)
		serve_early(parent);
	CHECK(read(begun[0], &byte, 1) == 1);
	exit(0);
}

int main(void)
{
	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0); /* so that the daemons can be waited for */
	CHECK(pipe(begun) == 0);
	if (fork() == 0)
		begin();
	for (int i = 0; i < 3; i++) {
		int status = 0;
		CHECK(waitpid(-1, &status, 0) > 0 && status == 0);
	}
	return 0;
}
