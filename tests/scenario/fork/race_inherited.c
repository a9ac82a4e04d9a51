/* A child uses and frees what it has inherited, of a class that is only for the process which made it: each op is told,
 * also where the one before was, and goes on; no free of any kind reaches the library, and the handle is the parent's
 * as before.
 *
 * recordings: 2
 * finding: inherited lease l x3; call gate_lease_touch in use; create gate_lease_open in main; child; by a forked child, of a
 *     handle that was there before the fork
 * finding: inherited lease l x3; call gate_lease_close in drop_all; create gate_lease_open in main; child; withheld; by a forked
 *     child, of a handle that was there before the fork
 * finding: inherited lease l; call gate_lease_finish in drop_all; create gate_lease_open in main; child; withheld; by a forked
 *     child, of a handle that was there before the fork
 * finding: inherited pact p; call gate_pact_drop in drop_all; create gate_pact_open in main; child; withheld; by a forked
 *     child, of a handle that was there before the fork
 * recording: handles.lease.freed=1 handles.pact.freed=1
 * child: handles.lease.freed=0 handles.pact.freed=0
 */
#include "scenario.h"

static void use(gate *lease)
{
	for (int i = 0; i < 3; i++)
		CHECK(gate_lease_touch(lease) == 1);
}

static void drop_all(gate *lease, gate *pact)
{
	for (int i = 0; i < 3; i++)
		CHECK(gate_lease_close(lease) == 5);
	CHECK(gate_lease_finish(lease) == 6);
	gate_pact_drop(pact);
}

int main(void)
{
	gate *lease = gate_lease_open(), *pact = gate_pact_open();
	tell("l", lease);
	tell("p", pact);
	pid_t child = fork();
	if (child == 0) {
		use(lease);
		drop_all(lease, pact);
		CHECK(gate_frees() == 0 && gate_violations() == 0);
		exit(0);
	}
	await_child(child);
	CHECK(gate_lease_touch(lease) == 1 && gate_pact_touch(pact) == 1);
	CHECK(gate_lease_close(lease) == 0);
	gate_pact_drop(pact);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
