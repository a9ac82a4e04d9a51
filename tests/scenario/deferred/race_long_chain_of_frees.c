/* Each thread is in an op and waits in a free for the next one's, over more of them than are followed to see whether
 * they wait in a circle: that one free has given up looking is said. The last op leaves, and all is well.
 *
 * finding: late-free gate any; call gate_close in close_next on free; op gate_wait in wait_in on last;
 *     create gate_open in main; drained
 * finding: late-free gate any x65; call gate_close in close_next on free; op gate_call in call_own on free;
 *     create gate_open in main; drained
 * recording: handles.gate.freed=67 handles.gate.leaked=0 counters.circles-cut=>0
 */
#include "scenario.h"

enum { MANY = 67 };

static gate *gates[MANY];
static struct side sides[MANY];

static void close_next(void *place)
{
	gate_close(gates[(intptr_t)place + 1]);
}

static void call_own(void *place)
{
	CHECK(gate_call(gates[(intptr_t)place], close_next, place) == 4);
}

int main(void)
{
	for (int i = 0; i < MANY; i++)
		gates[i] = gate_open();
	start(&sides[MANY - 1], "last", wait_in, gates[MANY - 1]);
	gate_await_parked(gates[MANY - 1], 1);
	for (intptr_t i = MANY - 2; i >= 0; i--) {
		start(&sides[i], "free", call_own, (void *)i);
		await_drain(&sides[i]);
	}
	gate_let_go(gates[MANY - 1]);
	for (int i = 0; i < MANY; i++)
		join(&sides[i]);
	gate_close(gates[0]);
	CHECK(gate_frees() == MANY && gate_violations() == 0);
	return 0;
}
