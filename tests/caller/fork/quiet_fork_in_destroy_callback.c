/* A destroy callback forks, and both processes use the handle there and then end the free.
 *
 * run: HANDLEGUARD_MODE=guard
 * recordings: 2
 * recording: handles.cell.freed=1
 * child: handles.cell.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recordings: 2
 * recording: handles.cell.freed=1
 * child: handles.cell.freed=1
 */
#include "caller.h"

static int fork_and_use(cell *c, void *unused)
{
	(void)unused;
	pid_t child = fork();
	CHECK(cell_touch(c) == 1);
	if (child != 0)
		await_child(child);
	return 0;
}

int main(void)
{
	cell *c = cell_new();
	CHECK(cell_on_free(c, fork_and_use, NULL) == 1);
	CHECK(cell_free(c) == 0);
	check_quiet(1);
	return 0;
}
