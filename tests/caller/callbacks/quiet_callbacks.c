/* What a callback may do, at the end of which a compiler makes calls jumps: use the handle that it is called for, use
 * and free another; be an op itself.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=3 handles.cell.freed=3
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.created=3 handles.cell.freed=3
 */
#include "caller.h"

static int use_same(cell *c, void *unused)
{
	(void)unused;
	return cell_touch(c);
}

static int free_other(cell *unused, void *other)
{
	(void)unused;
	return cell_free(other);
}

int main(void)
{
	cell *c = cell_new();
	CHECK(cell_call(c, use_same, NULL) == 1 && cell_pass(c, use_same, NULL) == 1);
	CHECK(cell_call(c, (cell_callback)(void (*)(void))cell_touch, NULL) == 1);
	CHECK(cell_pass(c, (cell_callback)(void (*)(void))cell_touch, NULL) == 1);
	CHECK(cell_call(c, free_other, cell_new()) == 1);
	CHECK(cell_pass(c, free_other, cell_new()) == 0);
	CHECK(cell_free(c) == 0);
	check_quiet(3);
	return 0;
}
