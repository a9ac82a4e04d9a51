/* A process forks while another thread's clean-up of all cells waits for an op on one of them. In the child nobody
 * waits, and nothing has ended: its cells are used and freed there like new ones.
 *
 * run: HANDLEGUARD_MODE=guard
 * recordings: 2
 * finding: late-free cell any; call cell_shutdown in end_all on closer; op cell_call in use_it on user; all; drained
 * recording: handles.cell.created=2 handles.cell.freed=2
 * child: handles.cell.created=1 handles.cell.freed=2
 */
#include "caller.h"

static void end_all(void *unused)
{
	(void)unused;
	CHECK(cell_shutdown() == 0);
}

static void use_both(cell *before, cell *c)
{
	CHECK(cell_touch(before) == 1 && cell_free(before) == 0);
	CHECK(cell_touch(c) == 1 && cell_free(c) == 0);
}

int main(void)
{
	struct side user, closer;
	cell *first = cell_new(), *second = cell_new();
	start(&user, "user", use_it, first);
	await_inside();
	start(&closer, "closer", end_all, NULL);
	await_drain(&closer);
	pid_t child = fork();
	if (child == 0) {
		use_both(second, cell_new());
		return 0;
	}
	await_child(child);
	let_go();
	join(&user);
	join(&closer);
	check_quiet(0);
	return 0;
}
