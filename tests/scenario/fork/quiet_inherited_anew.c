/* A child in which the library has begun anew: it gives out again what stands for handles of the parent's, which the
 * child never ends, as they are not its own.
 *
 * observed: same
 * recordings: 2
 * child: handles.lease.created=1 handles.lease.freed=1 handles.pact.created=1 handles.pact.freed=1
 */
#include "scenario.h"

int main(void)
{
	gate_recycle(true);
	gate *lease = gate_lease_open(), *pact = gate_pact_open();
	pid_t child = fork();
	if (child == 0) {
		gate_forget(lease);
		CHECK(gate_lease_open() == lease && gate_lease_touch(lease) == 1 && gate_lease_close(lease) == 0);
		gate_forget(pact);
		CHECK(gate_pact_open() == pact && gate_pact_touch(pact) == 1);
		gate_pact_drop(pact);
		exit(0);
	}
	await_child(child);
	CHECK(gate_lease_close(lease) == 0);
	gate_pact_drop(pact);
	CHECK(gate_violations() == 0);
	return 0;
}
