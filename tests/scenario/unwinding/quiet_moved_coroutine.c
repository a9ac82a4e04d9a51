/* A coroutine enters an op on one thread and is resumed on another, where it leaves that op and enters one that it
 * leaves on the first again. Then they are in flight nowhere: the frees do not wait.
 *
 * recording: handles.gate.freed=2 calls.gate_call=2 handles.gate.live=0
 */
#include <ucontext.h>

#include "scenario.h"

enum { STACK = 64 << 10 };

static ucontext_t home, routine;
static gate *gates[2];
static sem_t resumed, closed;

static void go_home(void *unused)
{
	(void)unused;
	CHECK(swapcontext(&routine, &home) == 0);
}

static void run(void)
{
	for (int i = 0; i < 2; i++)
		CHECK(gate_call(gates[i], go_home, NULL) == 4);
	go_home(NULL);
}

static void resume(void)
{
	CHECK(swapcontext(&home, &routine) == 0);
}

static void resume_elsewhere(void *unused)
{
	(void)unused;
	resume();
	sem_post(&resumed);
	sem_wait(&closed);
}

int main(void)
{
	static char stack[STACK];
	struct side side;
	for (int i = 0; i < 2; i++)
		gates[i] = gate_open();
	sem_init(&resumed, 0, 0);
	sem_init(&closed, 0, 0);
	CHECK(getcontext(&routine) == 0);
	routine.uc_stack.ss_sp = stack;
	routine.uc_stack.ss_size = STACK;
	makecontext(&routine, run, 0);
	resume(); /* inside the first op now */
	start(&side, "resumer", resume_elsewhere, NULL);
	sem_wait(&resumed); /* it has left the first there, and is inside the second */
	gate_close(gates[0]);
	resume();
	gate_close(gates[1]);
	sem_post(&closed);
	join(&side);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
