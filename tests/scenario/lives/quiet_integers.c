/* Integer handles: the value that names none passes, upper bits that the type does not have do not count.
 *
 * recording: handles.id.created=10 handles.id.freed=10 handles.port.created=1 handles.port.freed=1
 * handles.port.adopted=0
 */
#include "scenario.h"

/* As a caller may leave them there: the ABI says nothing of a register's upper half. */
typedef int port_of_long(unsigned long port);

int main(void)
{
	port_of_long *volatile touch_long = (port_of_long *)(void *)gate_port_touch;
	CHECK(gate_id_touch(-1) == 0 && gate_id_touch(-1) == 0);
	for (int i = 0; i < 10; i++) {
		int id = gate_id_open();
		CHECK(id == 0 && gate_id_touch(id) == 1 && gate_id_close(id) == 0);
	}
	uint16_t port = gate_port_open();
	CHECK(gate_port_touch(port) == 1 && gate_port_touch(port) == 1);
	CHECK(touch_long(0xabcd00000000ul | port) == 1);
	gate_port_close(port);
	CHECK(gate_id_close(-1) == 0);
	CHECK(gate_violations() == 0);
	return 0;
}
