/* A callback leaves the op, which had nothing to do after it, by setcontext, on the thread's own stack. The op is not
 * in flight any more: the handle is used and freed.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.freed=1 counters.calls-left=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.freed=1 counters.calls-left=1
 */
#include "caller.h"

static ucontext_t back;
static volatile bool left;

static int leave(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	left = true;
	setcontext(&back);
	return 0;
}

static void enter(cell *c)
{
	CHECK(getcontext(&back) == 0);
	if (!left)
		CHECK(cell_pass(c, leave, NULL) == 0);
}

int main(void)
{
	cell *c = cell_new();
	enter(c);
	CHECK(cell_touch(c) == 1);
	CHECK(cell_free(c) == 0);
	check_quiet(1);
	return 0;
}
