/* Calls that end without return: a jump over one, a thread that vanishes in another. Each is told, and the free that
 * follows does not wait for them.
 *
 * finding: abandoned gate jumped; call gate_call at jump_out; create gate_open in main
 * finding: abandoned gate vanished; call gate_call at vanish on vanisher; create gate_open in main
 * recording: handles.gate.freed=2 calls.gate_call=2
 */
#define _GNU_SOURCE
#include <sched.h>
#include <setjmp.h>
#include <sys/syscall.h>

#include "scenario.h"

static jmp_buf back;

static void jump(void *unused)
{
	(void)unused;
	longjmp(back, 1);
}

static void jump_out(gate *g)
{
	if (setjmp(back) == 0)
		gate_call(g, jump, NULL);
}

static void end_thread(void *unused)
{
	(void)unused;
	syscall(SYS_exit, 0);
}

static void vanish(void *g)
{
	gate_call(g, end_thread, NULL);
}

int main(void)
{
	struct side vanisher;
	gate *jumped = gate_open(), *vanished = gate_open();
	tell("jumped", jumped);
	tell("vanished", vanished);
	jump_out(jumped);
	gate_close(jumped);
	start(&vanisher, "vanisher", vanish, vanished);
	join(&vanisher);
	/* The kernel tells the joiner a little before the thread is gone, an emulator long before. */
	while (syscall(SYS_tgkill, getpid(), vanisher.tid, 0) == 0)
		sched_yield();
	gate_close(vanished);
	CHECK(gate_frees() == 2);
	return 0;
}
