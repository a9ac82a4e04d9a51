/* The same with each plug closed when its thread has come back, and a split that fails: the cord goes on.
 *
 * recording: handles.cord.freed=1 handles.cord.live=0 handles.plug.created=2 handles.plug.freed=2
 */
#include "scenario.h"

static void wait_plug(void *plug)
{
	CHECK(gate_plug_wait(plug) == 2);
}

int main(void)
{
	struct side waiter;
	gate_plug *left, *right;
	gate_cord *cord = gate_cord_open();
	CHECK(gate_cord_split(cord, 0, &left, &right) == -11);
	CHECK(gate_cord_touch(cord) == 1);
	CHECK(gate_cord_split(cord, 2, &left, &right) == 0);
	start(&waiter, "waiter", wait_plug, left);
	gate_plug_await_parked(left);
	gate_plug_let_go(left);
	join(&waiter);
	gate_plug_close(left);
	CHECK(gate_plug_touch(right) == 1);
	gate_plug_close(right);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
