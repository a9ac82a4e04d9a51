/* A destroy callback uses and frees another handle of the class, which was freed long ago: by calls, and by jumps that
 * end it.
 *
 * finding: late-op cell d; call cell_touch in use_dead; free cell_free in main; create cell_new in main
 * finding: repeat-free cell d; call cell_free in use_dead; free cell_free in main; create cell_new in main
 * finding: late-op cell d; call cell_touch in touch_dead|free_with; free cell_free in main; create cell_new in
 *     main
 * finding: repeat-free cell d; call cell_free in free_dead|free_with; free cell_free in main; create cell_new in
 *     main
 * observed: same
 * recording: handles.cell.freed=4
 */
#include "caller.h"

static cell *dead;

static int use_dead(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	CHECK(cell_touch(dead) == (guarding() ? -1 : 1));
	cell_free(dead);
	STAY();
	return 0;
}

static int touch_dead(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	return cell_touch(dead);
}

static int free_dead(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	return cell_free(dead);
}

static void free_with(cell_callback on_free)
{
	cell *c = cell_new();
	CHECK(cell_on_free(c, on_free, NULL) == 1);
	CHECK(cell_free(c) == 0);
}

int main(void)
{
	dead = cell_new();
	tell("d", dead);
	CHECK(cell_free(dead) == 0);
	free_with(use_dead);
	free_with(touch_dead);
	free_with(free_dead);
	check_cells(4);
	return 0;
}
