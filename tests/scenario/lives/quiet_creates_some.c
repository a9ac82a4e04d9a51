/* Crumbs that come from where nobody sees it, at an address that was another's before: each is used and freed as if it
 * had been created in sight. One that is freed without having been used is noted, and no more: mode abort goes on.
 *
 * observed: same
 * recording: handles.crumb.created=2 handles.crumb.adopted=3 handles.crumb.freed=5 handles.crumb.live=0
 *
 * run: HANDLEGUARD_MODE=abort NOTED=1
 * finding: freed-again crumb c; call gate_crumb_close in main; free gate_crumb_close in use; create gate_crumb_open in main
 * recording: handles.crumb.created=2 handles.crumb.adopted=4 handles.crumb.freed=6 handles.crumb.live=0
 */
#include "scenario.h"

static void use(gate *crumb)
{
	CHECK(gate_crumb_touch(crumb) == 1);
	CHECK(gate_crumb_close(crumb) == 0);
}

static void use_elsewhere(void *crumb)
{
	use(crumb);
}

int main(void)
{
	struct side other;
	gate_recycle(true);
	gate *first = gate_crumb_open();
	tell("c", first);
	use(first);
	if (getenv("NOTED"))
		CHECK(gate_open_unseen() == first && gate_crumb_close(first) == 0);
	CHECK(gate_open_unseen() == first);
	use(first);
	CHECK(gate_open_unseen() == first);
	start(&other, "other", use_elsewhere, first);
	join(&other);
	CHECK(gate_crumb_open() == first);
	use(first);
	CHECK(gate_open_unseen() == first);
	use(first);
	CHECK(gate_violations() == 0);
	return 0;
}
