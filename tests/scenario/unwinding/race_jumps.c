/* Jumps over ops, from wherever a program jumps: an inner op is jumped over and the outer one goes on; a signal handler
 * jumps out of the op that it struck in; so does one on a stack of its own, out of an op of its own too. The frees that
 * follow do not wait, and the op that was not left is in flight till it returns.
 *
 * finding: abandoned gate inner; call gate_call at jump_over_inner; create gate_open in main
 * finding: abandoned gate outer; call gate_call at enter_twice; create gate_open in main
 * finding: abandoned gate struck x2; call gate_call at be_struck; create gate_open in main
 * finding: abandoned gate handled; call gate_call at jump_from_op; create gate_open in main
 * recording: handles.gate.freed=4 calls.gate_call=7
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>

#include "scenario.h"

static gate *outer, *inner, *struck, *handled;
static jmp_buf back;
static sigjmp_buf out;

static void jump(void *unused)
{
	(void)unused;
	_longjmp(back, 1);
}

static void jump_over_inner(void *unused)
{
	(void)unused;
	if (setjmp(back) == 0)
		gate_call(inner, jump, NULL);
	CHECK(gate_touch(outer) == 1);
}

/* The outermost op of two on one handle stays, and is in flight. */
static void enter_twice(void *unused)
{
	(void)unused;
	if (setjmp(back) == 0)
		gate_call(outer, jump, NULL);
}

static void jump_out(void *unused)
{
	(void)unused;
	siglongjmp(out, 1);
}

static void jump_from_handler(int number)
{
	(void)number;
	jump_out(NULL);
}

static void jump_from_op(int number)
{
	(void)number;
	gate_call(handled, jump_out, NULL);
}

static void strike(void *unused)
{
	(void)unused;
	raise(SIGUSR1);
}

static void be_struck(void)
{
	if (sigsetjmp(out, 1) == 0)
		gate_call(struck, strike, NULL);
}

static void handle_with(void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
}

int main(void)
{
	static char stack[64 << 10];
	outer = gate_open();
	inner = gate_open();
	struck = gate_open();
	handled = gate_open();
	tell("outer", outer);
	tell("inner", inner);
	tell("struck", struck);
	tell("handled", handled);
	CHECK(gate_call(outer, jump_over_inner, NULL) == 4);
	CHECK(gate_call(outer, enter_twice, NULL) == 4);
	handle_with(jump_from_handler, 0);
	be_struck();
	CHECK(sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL) == 0);
	handle_with(jump_from_op, SA_ONSTACK);
	be_struck();
	gate_close(outer);
	gate_close(inner);
	gate_close(struck);
	gate_close(handled);
	CHECK(gate_frees() == 4);
	return 0;
}
