/* Arrays of handles: empty ones, null ones, null elements, the same handle twice, and more than one call can follow.
 * Each handle is freed at once afterwards.
 *
 * recording: handles.gate.freed=40 calls.gate_poll=4 calls.gate_touch_all=1 counters.handles-cut=8
 */
#include "scenario.h"

enum { COUNT = 40 };

int main(void)
{
	gate *gates[COUNT];
	for (int i = 0; i < COUNT; i++)
		gates[i] = gate_open();
	struct gate_item items[] = {{.gate = gates[0]}, {.gate = NULL}, {.gate = gates[0]}, {.gate = gates[1]}};
	gate_let_go(gates[0]);
	CHECK(gate_poll(items, 4) == 6);
	CHECK(gate_poll(items, 0) == 6);
	CHECK(gate_poll(items, -1) == 6);
	CHECK(gate_poll(NULL, 0) == 6);
	CHECK(gate_touch_all(COUNT, gates) == COUNT);
	CHECK(gate_move(&(struct gate_move){gates[0], gates[1]}) == 7);
	for (int i = 0; i < COUNT; i++)
		gate_close(gates[i]);
	CHECK(gate_frees() == COUNT && gate_violations() == 0);
	return 0;
}
