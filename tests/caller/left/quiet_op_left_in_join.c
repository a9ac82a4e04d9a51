/* Inside a call that ends its handle when it returns, a callback leaves an op on it by a jump that calls no function.
 * When the call returns, nobody is in the handle.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.freed=1 counters.calls-left=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.freed=1 counters.calls-left=1
 */
#include "leave.h"

__attribute__((noinline)) static int enter(cell *c, void *unused)
{
	(void)unused;
	if (__builtin_setjmp(back) == 0)
		CHECK(cell_pass(c, leave, NULL) == 0);
	return 0;
}

int main(void)
{
	cell *c = cell_new();
	CHECK(cell_on_free(c, enter, NULL) == 1);
	CHECK(cell_join(c) == 0);
	check_quiet(1);
	return 0;
}
