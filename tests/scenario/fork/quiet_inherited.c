/* Classes that are only for the process which made a handle: the parent goes on with its own, a child makes and frees
 * its own, one of them where the parent's was before, and lets the library see to what it has inherited.
 *
 * observed: same
 * recordings: 2
 * recording: handles.lease.created=3 handles.lease.freed=3 handles.pact.freed=1
 * child: handles.lease.created=1 handles.lease.freed=1 handles.pact.freed=1 handles.lease.adopted=0
 */
#include "scenario.h"

static void use(gate *lease, gate *pact)
{
	for (int i = 0; i < 3; i++)
		CHECK(gate_lease_touch(lease) == 1 && gate_pact_touch(pact) == 1);
	CHECK(gate_lease_close(lease) == 0);
	gate_pact_drop(pact);
}

int main(void)
{
	gate *lease = gate_lease_open(), *freed = gate_lease_open();
	CHECK(gate_lease_close(freed) == 0);
	pid_t child = fork();
	if (child == 0) {
		CHECK(gate_lease_audit(lease) == 1);
		use(gate_lease_open(), gate_pact_open());
		exit(0);
	}
	await_child(child);
	CHECK(gate_lease_audit(lease) == 1 && gate_lease_close(lease) == 0);
	use(gate_lease_open(), gate_pact_open());
	CHECK(gate_violations() == 0);
	return 0;
}
