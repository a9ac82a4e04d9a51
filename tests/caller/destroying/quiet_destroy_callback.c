/* What a destroy callback may do: use the handle that is being freed, use and free what was made from it and is alive,
 * by calls and by jumps, and free another handle.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=4 handles.cell.freed=4 handles.bud.created=1 handles.bud.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.created=4 handles.cell.freed=4 handles.bud.created=1 handles.bud.freed=1
 */
#include "caller.h"

static int use_it_up(cell *c, void *child)
{
	CHECK(cell_touch(c) == 1 && bud_touch(child) == 1);
	return bud_free(child);
}

static int use_by_jump(cell *c, void *unused)
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
	cell *parent = cell_new(), *used = cell_new(), *owner = cell_new(), *owned = cell_new();
	bud *child = cell_sprout(parent);
	CHECK(cell_on_free(parent, use_it_up, child) == 1);
	CHECK(cell_on_free(used, use_by_jump, NULL) == 1);
	CHECK(cell_on_free(owner, free_other, owned) == 1);
	CHECK(cell_fell(parent, NULL, 0) == 0 && cell_free(used) == 0 && cell_free(owner) == 0);
	check_quiet(5);
	return 0;
}
