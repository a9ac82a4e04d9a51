/* A create calls back, and the callback forks; the new handle is where an old one was. Both processes use it when the
 * create has returned.
 *
 * run: HANDLEGUARD_MODE=guard
 * recordings: 2
 * recording: handles.cell.created=2 handles.cell.freed=2
 * child: handles.cell.created=1 handles.cell.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recordings: 2
 * recording: handles.cell.created=2 handles.cell.freed=2
 * child: handles.cell.created=1 handles.cell.freed=1
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

int main(void)
{
	cell *old = cell_new();
	CHECK(cell_free(old) == 0);
	cell *c = cell_open_at(old, fork_there, NULL);
	CHECK(c == old && cell_touch(c) == 1);
	CHECK(cell_free(c) == 0);
	if (child != 0)
		await_child(child);
	check_quiet(2);
	return 0;
}
