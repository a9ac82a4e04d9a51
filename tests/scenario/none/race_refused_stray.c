/* The class of badges is closed, and what is none is turned away: each call is told, the free too, and none of them
 * makes a handle of it.
 *
 * finding: stray badge s x2 g0; call gate_badge_touch in touch<main; refused; recent gate_badge_close in main of b
 * finding: stray badge s g0; call gate_badge_close in main; refused; recent gate_badge_close in main of b
 * recording: handles.badge.created=1 handles.badge.adopted=0 handles.badge.freed=1
 */
#include "scenario.h"

static int touch(gate *badge)
{
	return gate_badge_touch(badge);
}

int main(void)
{
	gate *badge = gate_badge_open(), *stray = gate_open_unseen();
	tell("b", badge);
	tell("s", stray);
	CHECK(touch(badge) == 1);
	gate_badge_close(badge);
	for (int i = 0; i < 2; i++)
		CHECK(touch(stray) == -EPIPE);
	gate_badge_close(stray);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
