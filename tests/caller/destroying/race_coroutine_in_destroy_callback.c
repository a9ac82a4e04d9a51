/* A coroutine yields in a destroy callback. Meanwhile another one of the same thread uses the handle and frees it,
 * which is no part of the teardown.
 *
 * finding: late-op cell c; call cell_touch in main; free cell_free in free_it; create cell_new in main
 * finding: repeat-free cell c; call cell_free in free_again; free cell_free in free_it; create cell_new in main
 * observed: same
 * recording: handles.cell.freed=1
 */
#include "caller.h"

static struct coroutine routine;

static int go_away(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	yield(&routine);
	return 0;
}

static void free_again(cell *c)
{
	cell_free(c);
	STAY();
}

int main(void)
{
	cell *c = cell_new();
	tell("c", c);
	CHECK(cell_on_free(c, go_away, NULL) == 1);
	begin(&routine, free_it, c);
	CHECK(cell_touch(c) == (guarding() ? -1 : 1));
	free_again(c);
	resume(&routine);
	check_cells(1);
	return 0;
}
