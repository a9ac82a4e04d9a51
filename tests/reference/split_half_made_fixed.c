/* The same with the surviving half closed.
 *
 * recording: handles.cord.freed=1 handles.plug.created=1 handles.plug.freed=1 handles.plug.live=0
 */
#include "scenario.h"

int main(void)
{
	gate_plug *left, *right;
	CHECK(gate_cord_split(gate_cord_open(), 1, &left, &right) == 1);
	CHECK(left && !right);
	CHECK(gate_plug_touch(left) == 1);
	gate_plug_close(left);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
