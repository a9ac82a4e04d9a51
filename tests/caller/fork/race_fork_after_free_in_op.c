/* A callback frees what its op uses, so that the free is left to the op, and forks. The child calls nothing else and
 * returns into the op: the free is made there too.
 *
 * recordings: 2
 * finding: reentrant-free cell c; call cell_free in free_and_fork; op cell_call in main; create cell_new in main;
 *     deferred
 * recording: handles.cell.freed=1
 * child: handles.cell.freed=1
 */
#include "caller.h"

static int free_and_fork(cell *c, void *unused)
{
	(void)unused;
	CHECK(cell_free(c) == 0);
	pid_t child = fork();
	if (child != 0)
		await_child(child);
	return 0;
}

int main(void)
{
	cell *c = cell_new();
	tell("c", c);
	CHECK(cell_call(c, free_and_fork, NULL) == 1);
	check_cells(1);
	return 0;
}
