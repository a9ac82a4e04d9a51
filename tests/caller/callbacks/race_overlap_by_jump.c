/* Two threads are in ops of one handle whose class forbids it; the second op is the end of another op's callback, which
 * a compiler makes a jump.
 *
 * finding: overlap lane v; call lane_touch in touch_victim|main; op lane_call in use_lane on user; create lane_new
 *     in main
 * finding: overlap lane v; call lane_touch in touch_again|pass on toucher; op lane_call in use_lane on user;
 *     create lane_new in main
 * observed: same
 * recording: handles.lane.freed=1
 */
#include "caller.h"

static lane *victim;

static int touch_victim(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	return lane_touch(victim);
}

static int touch_again(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	return lane_touch(victim);
}

static void use_lane(void *l)
{
	CHECK(lane_call(l, stand_still, NULL) == 1);
}

static void pass(void *other)
{
	CHECK(cell_pass(other, touch_again, NULL) == 1);
}

int main(void)
{
	struct side user, toucher;
	cell *other = cell_new();
	victim = lane_new();
	tell("v", victim);
	start(&user, "user", use_lane, victim);
	await_inside();
	CHECK(cell_call(other, touch_victim, NULL) == 1);
	start(&toucher, "toucher", pass, other);
	join(&toucher);
	let_go();
	join(&user);
	CHECK(cell_free(other) == 0 && lane_free(victim) == 0);
	return 0;
}
