/* An op's callback forks, and its child, which calls the library, forks again. Child and grandchild free the handle
 * there and then return into the op.
 *
 * recordings: 3
 * finding: reentrant-free cell c x2; call cell_free in free_in_child; op cell_call in main; create cell_new in main;
 *     deferred; child
 * recording: handles.cell.freed=2
 * child: handles.cell.freed=1
 */
#include "caller.h"

static cell *other;
static bool is_child;

static void free_in_child(cell *c)
{
	CHECK(cell_touch(other) == 1);
	fork_off();
	CHECK(cell_free(c) == 0);
}

static int fork_and_free(cell *c, void *unused)
{
	(void)unused;
	is_child = fork_off();
	if (is_child)
		free_in_child(c);
	return 0;
}

int main(void)
{
	cell *c = cell_new();
	other = cell_new();
	tell("c", c);
	CHECK(cell_call(c, fork_and_free, NULL) == 1);
	if (!is_child)
		CHECK(cell_free(c) == 0 && cell_free(other) == 0);
	check_cells(is_child ? 1 : 2);
	return 0;
}
