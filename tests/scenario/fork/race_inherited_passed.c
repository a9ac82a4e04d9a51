/* Where nothing is changed a child's free reaches the library, and is told.
 *
 * run: HANDLEGUARD_MODE=observe
 * recordings: 2
 * finding: inherited lease l; call gate_lease_close in main; create gate_lease_open in main; child; by a forked child, of a
 *     handle that was there before the fork
 * child: handles.lease.freed=1 mode=observe
 */
#include "scenario.h"

int main(void)
{
	gate *lease = gate_lease_open();
	tell("l", lease);
	pid_t child = fork();
	if (child == 0) {
		CHECK(gate_lease_close(lease) == 0 && gate_frees() == 1);
		exit(0);
	}
	await_child(child);
	CHECK(gate_lease_close(lease) == 0);
	return 0;
}
