/* A function whose handle ends when it returns, and that ends it by the library's own close: one free, not two.
 *
 * recording: handles.lamp.created=1 handles.lamp.freed=1 handles.lamp.live=0
 */
#include "scenario.h"

int main(void)
{
	gate_lamp *lamp = gate_lamp_open();
	CHECK(gate_lamp_touch(lamp) == 1);
	gate_lamp_finish(lamp);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
