/* A split that only half succeeds: the surviving half is a handle, which stays live and guarded. Nobody closes it.
 *
 * finding: leak plug l; create gate_cord_split in split
 * recording: handles.cord.freed=1 handles.plug.created=1 handles.plug.live=1
 */
#include "scenario.h"

static gate_plug *split(gate_cord *cord)
{
	gate_plug *left, *right;
	CHECK(gate_cord_split(cord, 1, &left, &right) == 1);
	CHECK(left && !right);
	return left;
}

int main(void)
{
	gate_plug *left = split(gate_cord_open());
	tell("l", left);
	CHECK(gate_plug_touch(left) == 1);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
