/* Badges are used as they should be, also one that others get to know of before its create returns, and one whose value
 * comes again. Null is no stray.
 *
 * recording: handles.badge.created=3 handles.badge.adopted=0 handles.badge.freed=3
 */
#include "scenario.h"

static gate *known;

static void touch(void *badge)
{
	CHECK(gate_badge_touch(badge) == 1);
}

static void let_others_know(gate *badge)
{
	struct side other;
	known = badge;
	touch(badge);
	start(&other, "other", touch, badge);
	join(&other);
}

int main(void)
{
	gate *first = gate_badge_open();
	touch(first);
	gate_badge_close(first);
	gate *again = gate_badge_open();
	touch(again);
	gate_badge_close(again);
	CHECK(gate_badge_open_with(let_others_know) == known);
	touch(known);
	gate_badge_close(known);
	CHECK(gate_badge_touch(NULL) == -14);
	CHECK(gate_frees() == 3 && gate_violations() == 1);
	return 0;
}
