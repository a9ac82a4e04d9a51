/* A free that ends its handle when it returns calls back, and the callback forks. When both processes have returned,
 * the child uses what is gone.
 *
 * recordings: 2
 * finding: late-op cell c; call cell_touch in use_again; free cell_join in main; create cell_new in main; child
 * recording: handles.cell.freed=1
 * child: handles.cell.freed=1
 */
#include "caller.h"

static pid_t child;

static int fork_there(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	child = fork();
	return 0;
}

static void use_again(cell *c)
{
	cell_touch(c);
	STAY();
}

int main(void)
{
	cell *c = cell_new();
	tell("c", c);
	CHECK(cell_on_free(c, fork_there, NULL) == 1);
	CHECK(cell_join(c) == 0);
	if (child == 0)
		use_again(c);
	else
		await_child(child);
	if (child == 0)
		check_cells(1);
	return 0;
}
