/* A callback that leaves what it was called from by a jump that calls no function, as the raise of some interpreters
 * does. It is compiled as a part of each program: where its frames lie is what these tests are about. */
#ifndef LEAVE_H
#define LEAVE_H

#include "caller.h"

/* Where it goes on: set by __builtin_setjmp in the function that is to be returned to. */
static void *back[5];

__attribute__((noinline)) static int leave(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	__builtin_longjmp(back, 1);
	return 0;
}

/* Enters an op, which has nothing to do after its callback, and leaves it like that. */
__attribute__((noinline, unused)) static void enter_and_leave(cell *c)
{
	if (__builtin_setjmp(back) == 0)
		CHECK(cell_pass(c, leave, NULL) == 0);
}

#endif
