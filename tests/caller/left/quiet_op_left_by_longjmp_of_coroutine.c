/* A callback leaves the op, which had nothing to do after it, by a longjmp on a coroutine's stack. The op is not in
 * flight any more: the handle is used and freed, from the thread's own stack.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.freed=1 counters.calls-left=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.freed=1 counters.calls-left=1
 */
#include <setjmp.h>

#include "caller.h"

static struct coroutine routine;
static jmp_buf back;

static int leave(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	longjmp(back, 1);
}

static void enter(void *c)
{
	if (setjmp(back) == 0)
		CHECK(cell_pass(c, leave, NULL) == 0);
}

int main(void)
{
	cell *c = cell_new();
	begin(&routine, enter, c);
	CHECK(cell_touch(c) == 1);
	CHECK(cell_free(c) == 0);
	check_quiet(1);
	return 0;
}
