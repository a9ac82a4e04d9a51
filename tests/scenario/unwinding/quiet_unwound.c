/* A thread that ends by pthread_exit outside of any op, and jumps that stay inside one op, or go over none.
 *
 * recording: handles.gate.freed=1 calls.gate_call=2 calls.gate_touch=2
 */
#include <setjmp.h>

#include "scenario.h"

static void jump_inside(void *unused)
{
	jmp_buf back;
	(void)unused;
	if (setjmp(back) == 0)
		longjmp(back, 1);
}

static void use_and_exit(void *g)
{
	CHECK(gate_touch(g) == 1);
	CHECK(gate_call(g, jump_inside, NULL) == 4);
	pthread_exit(NULL);
}

int main(void)
{
	struct side exiter;
	gate *g = gate_open();
	start(&exiter, "exiter", use_and_exit, g);
	join(&exiter);
	CHECK(gate_touch(g) == 1 && gate_call(g, jump_inside, NULL) == 4);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
