/* More references are dropped than were taken, and the handle is used after that: the last release that counts is the
 * free, whoever makes it.
 *
 * run: HANDLEGUARD_MODE=guard
 * finding: repeat-free share s; call gate_share_unref in drop_again; free gate_share_unref in drop on dropper;
 *     create gate_share_new in main
 * finding: late-op share s; call gate_share_ref in take_late; free gate_share_unref in drop on dropper;
 *     create gate_share_new in main
 * finding: late-op share s; call gate_share_touch in use_late; free gate_share_unref in drop on dropper;
 *     create gate_share_new in main
 * recording: handles.share.created=1 handles.share.freed=1 calls.gate_share_unref=4
 * run: HANDLEGUARD_MODE=observe
 * finding: repeat-free share s; call gate_share_unref in drop_again; free gate_share_unref in drop on dropper;
 *     create gate_share_new in main
 * finding: late-op share s; call gate_share_ref in take_late; free gate_share_unref in drop on dropper;
 *     create gate_share_new in main
 * finding: late-op share s; call gate_share_touch in use_late; free gate_share_unref in drop on dropper;
 *     create gate_share_new in main
 * recording: handles.share.created=1 handles.share.freed=1 calls.gate_share_unref=4
 * run: HANDLEGUARD_MODE=abort
 * finding: repeat-free share s; call gate_share_unref in drop_again; free gate_share_unref in drop on dropper;
 *     create gate_share_new in main
 * stderr: repeat-free of a share
 * exit: SIGABRT
 */
#include "scenario.h"

static bool observing;

static void drop(void *share)
{
	gate_share_unref(share);
}

static void drop_again(gate_share *share)
{
	gate_share_unref(share);
}

static void take_late(gate_share *share)
{
	CHECK(gate_share_ref(share) == (observing ? share : NULL));
}

static void use_late(gate_share *share)
{
	CHECK(gate_share_touch(share) == (observing ? 1 : -EPIPE));
}

int main(void)
{
	struct side dropper;
	observing = strcmp(getenv("HANDLEGUARD_MODE"), "observe") == 0;
	gate_share *share = gate_share_new();
	tell("s", share);
	CHECK(gate_share_ref(share) == share && gate_share_ref(share) == share);
	gate_share_unref(share);
	gate_share_unref(share);
	CHECK(gate_share_touch(share) == 1);
	start(&dropper, "dropper", drop, share);
	join(&dropper);
	drop_again(share);
	take_late(share);
	use_late(share);
	CHECK(gate_frees() == 1 && (gate_violations() == 0) == !observing);
	return 0;
}
