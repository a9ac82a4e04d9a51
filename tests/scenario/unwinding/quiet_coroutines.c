/* Two coroutines of one thread enter ops and leave them in the wrong order; one goes on to enter more. Then nothing is
 * in flight any more: a free does not wait.
 *
 * recording: handles.gate.freed=2 counters.frame-not-top=>0
 */
#include <ucontext.h>

#include "scenario.h"

enum { STACK = 64 << 10 };

static ucontext_t home, routines[2];
static gate *gates[2];

static void go_home(void *routine)
{
	CHECK(swapcontext(routine, &home) == 0);
}

static void run(int which)
{
	for (int i = 0; i < 50; i++)
		CHECK(gate_call(gates[which], go_home, &routines[which]) == 4);
	go_home(&routines[which]);
}

static void enter(int which)
{
	CHECK(swapcontext(&home, &routines[which]) == 0);
}

int main(void)
{
	static char stacks[2][STACK];
	for (int i = 0; i < 2; i++) {
		gates[i] = gate_open();
		CHECK(getcontext(&routines[i]) == 0);
		routines[i].uc_stack.ss_sp = stacks[i];
		routines[i].uc_stack.ss_size = STACK;
		makecontext(&routines[i], (void (*)(void))run, 1, i);
	}
	for (int i = 0; i < 51; i++) {
		enter(0);
		enter(1);
	}
	gate_close(gates[0]);
	gate_close(gates[1]);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
