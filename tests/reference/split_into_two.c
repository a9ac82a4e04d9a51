/* A cord becomes two plugs. They are handles of a class of their own: what races on one is told of it, and the cord
 * is gone.
 *
 * finding: late-free plug l; call gate_plug_close in close_plug on closer; op gate_plug_wait in wait_plug on waiter;
 *     create gate_cord_split in split; drained
 * finding: late-op plug l; call gate_plug_touch in main; free gate_plug_close in close_plug on closer;
 *     create gate_cord_split in split
 * finding: late-op cord c; call gate_cord_touch in main; free gate_cord_split in split; create gate_cord_open in main
 * recording: handles.cord.freed=1 handles.plug.created=2 handles.plug.freed=2
 */
#include "scenario.h"

static void split(gate_cord *cord, gate_plug **left, gate_plug **right)
{
	CHECK(gate_cord_split(cord, 2, left, right) == 0);
}

static void wait_plug(void *plug)
{
	CHECK(gate_plug_wait(plug) == 2);
}

static void close_plug(void *plug)
{
	gate_plug_close(plug);
}

int main(void)
{
	struct side waiter, closer;
	gate_plug *left, *right;
	gate_cord *cord = gate_cord_open();
	tell("c", cord);
	split(cord, &left, &right);
	tell("l", left);
	start(&waiter, "waiter", wait_plug, left);
	gate_plug_await_parked(left);
	start(&closer, "closer", close_plug, left);
	await_drain(&closer);
	CHECK(gate_plug_touch(right) == 1);
	gate_plug_let_go(left);
	join(&waiter);
	join(&closer);
	CHECK(gate_plug_touch(left) == -EPIPE);
	CHECK(gate_cord_touch(cord) == -EPIPE);
	gate_plug_close(right);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
