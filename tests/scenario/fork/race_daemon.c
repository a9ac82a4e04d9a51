/* A daemon: forked twice, a session of its own, all descriptors closed, another working directory. It is recorded all
 * the same, and no descriptor of the ones it opens then has another number.
 *
 * recordings: 2
 * finding: late-op gate own; call gate_touch in serve; free gate_close in serve; create gate_open in serve; child
 * recording: handles.gate.created=1 handles.gate.freed=1
 * child: handles.gate.freed=2
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "scenario.h"

static void serve(gate *inherited)
{
	gate *own = gate_open();
	tell("own", own);
	CHECK(fclose(stdout) == 0);
	CHECK(close_range(0, ~0U, 0) == 0);
	CHECK(gate_touch(own) == 1);
	gate_close(own);
	gate_close(inherited);
	CHECK(gate_touch(own) == -EPIPE);
	CHECK(open("/dev/null", O_RDWR) == 0);
	exit(0);
}

static void become_daemon(gate *g, pid_t first)
{
	CHECK(setsid() > 0);
	if (fork() != 0)
		_exit(0);
	while (getppid() != first)
		sched_yield();
	CHECK(chdir("/") == 0);
	umask(0777);
	serve(g);
}

int main(void)
{
	int status = 0;
	pid_t first = getpid();
	gate *g = gate_open();
	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0); /* so that the daemon can be waited for */
	pid_t child = fork();
	if (child == 0)
		become_daemon(g, first);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	CHECK(waitpid(-1, &status, 0) > 0 && status == 0);
	gate_close(g);
	return 0;
}
