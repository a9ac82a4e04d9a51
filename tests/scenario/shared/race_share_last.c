/* A thread uses a handle whose reference belongs to another, which drops it: the last release waits for the call in
 * flight. The releases before it waited for nothing.
 *
 * finding: late-free share s; call gate_share_unref in drop_last on dropper; op gate_share_wait in borrow on borrower;
 *     create gate_share_new_floating in main; drained
 * recording: handles.share.created=1 handles.share.freed=1
 */
#include "scenario.h"

static void borrow(void *share)
{
	CHECK(gate_share_wait(share) == 2);
}

static void drop_last(void *share)
{
	gate_share_unref(share);
}

int main(void)
{
	struct side borrower, dropper;
	gate_share *share = gate_share_new_floating();
	tell("s", share);
	CHECK(gate_share_sink(share) == share && gate_share_sink(share) == share);
	start(&borrower, "borrower", borrow, share);
	gate_share_await_parked(share);
	gate_share_unref(share);
	CHECK(gate_frees() == 0);
	start(&dropper, "dropper", drop_last, share);
	await_drain(&dropper);
	gate_share_let_go(share);
	join(&dropper);
	join(&borrower);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
