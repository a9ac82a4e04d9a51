/* A callback frees what its op uses, so that the free is left to the op; the destroy callback that is called then
 * forks, and both processes return from it.
 *
 * recordings: 2
 * finding: reentrant-free cell c; call cell_free in free_there; op cell_call in main; create cell_new in main; deferred
 * recording: handles.cell.freed=1
 * child: handles.cell.freed=1
 */
#include "caller.h"

static int fork_there(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	pid_t child = fork();
	if (child != 0)
		await_child(child);
	return 0;
}

static int free_there(cell *c, void *unused)
{
	(void)unused;
	CHECK(cell_free(c) == 0);
	return 0;
}

int main(void)
{
	cell *c = cell_new();
	tell("c", c);
	CHECK(cell_on_free(c, fork_there, NULL) == 1);
	CHECK(cell_call(c, free_there, NULL) == 1);
	check_cells(1);
	return 0;
}
