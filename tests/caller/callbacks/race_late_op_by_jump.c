/* A callback ends with an op on another handle, which was freed before; a compiler makes that a jump.
 *
 * finding: late-op cell v; call cell_touch in touch_victim|main; free cell_free in main; create cell_new in main
 * finding: late-op cell v; call cell_touch in touch_again|pass; free cell_free in main; create cell_new in main
 * observed: same
 * recording: handles.cell.freed=2
 */
#include "caller.h"

static cell *victim;
static int expected;

static int touch_victim(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	return cell_touch(victim);
}

static int touch_again(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	return cell_touch(victim);
}

static void pass(cell *other)
{
	CHECK(cell_pass(other, touch_again, NULL) == expected);
}

int main(void)
{
	cell *other = cell_new();
	expected = guarding() ? -1 : 1;
	victim = cell_new();
	tell("v", victim);
	CHECK(cell_free(victim) == 0);
	CHECK(cell_call(other, touch_victim, NULL) == 1);
	pass(other);
	CHECK(cell_free(other) == 0);
	check_cells(2);
	return 0;
}
