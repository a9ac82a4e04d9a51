/* A forked child leaves the op that it was forked in, by a jump that calls no function. Where that stood it makes
 * another call, whose callback forks: the grandchild, which calls the library too, returns into that op, and is in
 * flight in none when it ends.
 *
 * run: HANDLEGUARD_MODE=guard
 * recordings: 3
 * recording: handles.cell.freed=2
 * run: HANDLEGUARD_MODE=observe
 * recordings: 3
 * recording: handles.cell.freed=2
 */
#include "leave_in_child.h"

static int fork_again(cell *c, void *unused)
{
	(void)unused;
	if (fork_off())
		CHECK(cell_touch(c) == 1);
	return 0;
}

__attribute__((noinline)) static void enter(cell *c, cell_callback callback)
{
	if (__builtin_setjmp(back) == 0)
		CHECK(cell_pass(c, callback, NULL) == 0);
}

int main(void)
{
	cell *left = cell_new(), *c = cell_new();
	enter(left, leave_in_child);
	if (is_child) {
		CHECK(cell_touch(left) == 1);
		enter(c, fork_again);
	} else
		CHECK(cell_free(c) == 0 && cell_free(left) == 0);
	check_quiet(is_child ? 0 : 2);
	return 0;
}
