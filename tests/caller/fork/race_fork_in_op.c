/* An op's callback forks; the child frees the handle there and then returns into the op.
 *
 * recordings: 2
 * finding: reentrant-free cell c; call cell_free in fork_and_free; op cell_call in main; create cell_new in main;
 *     deferred; child
 * recording: handles.cell.freed=1
 * child: handles.cell.freed=1
 */
#include "caller.h"

static bool is_child;

static int fork_and_free(cell *c, void *unused)
{
	(void)unused;
	pid_t child = fork();
	is_child = child == 0;
	if (is_child)
		CHECK(cell_free(c) == 0);
	else
		await_child(child);
	return 0;
}

int main(void)
{
	cell *c = cell_new();
	tell("c", c);
	CHECK(cell_call(c, fork_and_free, NULL) == 1);
	if (!is_child)
		CHECK(cell_free(c) == 0);
	check_cells(1);
	return 0;
}
