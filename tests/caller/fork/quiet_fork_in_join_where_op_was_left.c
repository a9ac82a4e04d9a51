/* A forked child leaves the op that it was forked in, by a jump that calls no function. Where that stood it makes a
 * call that ends a handle when it returns, and forks meanwhile: the grandchild returns into that too, and counts its
 * end.
 *
 * run: HANDLEGUARD_MODE=guard
 * recordings: 3
 * recording: handles.cell.freed=2
 * child: handles.cell.freed=2
 * run: HANDLEGUARD_MODE=observe
 * recordings: 3
 * recording: handles.cell.freed=2
 * child: handles.cell.freed=2
 */
#include "leave_in_child.h"

static int fork_in_child(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	if (is_child)
		fork_off();
	return 0;
}

/* Both calls stand at one place of the stack. */
__attribute__((noinline)) static void enter(cell *used, cell *joined)
{
	if (__builtin_setjmp(back) != 0)
		return;
	if (used)
		CHECK(cell_pass(used, leave_in_child, NULL) == 0);
	else
		CHECK(cell_join(joined) == 0);
}

int main(void)
{
	cell *left = cell_new(), *c = cell_new();
	CHECK(cell_on_free(c, fork_in_child, NULL) == 1);
	enter(left, NULL);
	CHECK(cell_touch(left) == 1);
	enter(NULL, c);
	CHECK(cell_free(left) == 0);
	check_quiet(2);
	return 0;
}
