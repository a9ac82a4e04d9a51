/* A process forks while another thread is at ending all cells. That never comes to an end in the child, which waits for
 * nobody: what it makes are new cells.
 *
 * run: HANDLEGUARD_MODE=guard
 * recordings: 2
 * recording: handles.cell.created=1 handles.cell.freed=1
 * child: handles.cell.created=1 handles.cell.freed=1 counters.clean-up-endless=0
 */
#include "caller.h"

static void end_all(void *unused)
{
	(void)unused;
	CHECK(cell_shutdown() == 0);
}

int main(void)
{
	struct side closer;
	cell_at_shutdown(stand_still, cell_new());
	start(&closer, "closer", end_all, NULL);
	await_inside();
	pid_t child = fork();
	if (child == 0) {
		cell *c = cell_new();
		CHECK(cell_touch(c) == 1 && cell_free(c) == 0);
		return 0;
	}
	await_child(child);
	let_go();
	join(&closer);
	check_quiet(0);
	return 0;
}
