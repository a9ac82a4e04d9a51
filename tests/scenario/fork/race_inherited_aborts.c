/* Mode abort: the child ends at the call; the parent does nothing wrong, and goes on until it ends in the same way.
 *
 * run: HANDLEGUARD_MODE=abort
 * recordings: 2
 * finding: inherited lease l; call gate_lease_touch in main; create gate_lease_open in main; child; by a forked child, of a
 *     handle that was there before the fork
 * stderr: inherited of a lease
 * exit: SIGABRT
 */
#include <signal.h>
#include <sys/wait.h>

#include "scenario.h"

int main(void)
{
	int status;
	gate *lease = gate_lease_open();
	tell("l", lease);
	pid_t child = fork();
	if (child == 0)
		gate_lease_touch(lease);
	CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	CHECK(gate_lease_close(lease) == 0);
	raise(SIGABRT);
	return 0;
}
