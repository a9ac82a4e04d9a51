/* A callback that forks, and whose child leaves the op that it was called from by a jump that calls no function. It is
 * compiled as a part of each program: where its frames lie is what these tests are about. */
#ifndef LEAVE_IN_CHILD_H
#define LEAVE_IN_CHILD_H

#include "caller.h"

/* Where the child goes on: set by __builtin_setjmp. */
static void *back[5];
static bool is_child;

__attribute__((noinline)) static int leave_in_child(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	is_child = fork_off();
	if (is_child)
		__builtin_longjmp(back, 1);
	return 0;
}

#endif
