/* A create tells of its new handle before it returns it, and the allocator has handed out an address where another one
 * was: the callback's calls are the new handle's.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=2 handles.cell.freed=2
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.created=2 handles.cell.freed=2
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
	cell *old = cell_new();
	CHECK(cell_free(old) == 0);
	cell *c = cell_open_at(old, use_new, NULL);
	CHECK(c == old && cell_touch(c) == 1);
	CHECK(cell_free(c) == 0);
	check_quiet(2);
	return 0;
}
