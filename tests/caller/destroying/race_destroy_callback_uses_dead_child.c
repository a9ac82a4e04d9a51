/* A destroy callback uses and frees what was made from the handle, and has been freed long ago.
 *
 * finding: late-op bud b; call bud_touch in use_child; free bud_free in main; create cell_sprout in main
 * finding: repeat-free bud b; call bud_free in use_child; free bud_free in main; create cell_sprout in main
 * observed: same
 * recording: handles.cell.freed=1 handles.bud.freed=1
 */
#include "caller.h"

static bud *child;

static int use_child(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	CHECK(bud_touch(child) == (guarding() ? -1 : 1));
	bud_free(child);
	STAY();
	return 0;
}

int main(void)
{
	cell *c = cell_new();
	child = cell_sprout(c);
	tell("b", child);
	CHECK(cell_on_free(c, use_child, NULL) == 1);
	CHECK(bud_free(child) == 0);
	CHECK(cell_free(c) == 0);
	check_cells(2);
	return 0;
}
