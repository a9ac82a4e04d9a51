/* A call that ends one handle and makes another tells of the new one before it returns, at an address where a third
 * was: the callback's calls are the new handle's.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=3 handles.cell.freed=3
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.created=3 handles.cell.freed=3
 */
#include "caller.h"

static int use_new(cell *c, void *unused)
{
	(void)unused;
	CHECK(cell_touch(c) == 1);
	return 0;
}

int main(void)
{
	cell *old = cell_new(), *from = cell_new();
	CHECK(cell_free(old) == 0);
	cell *c = cell_turn_into(from, old, use_new, NULL);
	CHECK(c == old && cell_touch(c) == 1);
	CHECK(cell_free(c) == 0);
	check_quiet(3);
	return 0;
}
