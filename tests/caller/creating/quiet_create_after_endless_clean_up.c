/* The clean-up of all cells does not come to an end. A create that has waited for it as long as frees wait goes on, and
 * those that come later wait no more: what they make are new cells.
 *
 * run: HANDLEGUARD_MODE=guard HANDLEGUARD_DEADLINE_MS=30
 * recording: handles.cell.created=4 handles.cell.freed=4 counters.clean-up-endless=1
 */
#include "caller.h"

static void end_all(void *unused)
{
	(void)unused;
	CHECK(cell_shutdown() == 0);
}

static void use_new(void)
{
	cell *c = cell_new();
	CHECK(cell_touch(c) == 1 && cell_free(c) == 0);
}

int main(void)
{
	struct side closer;
	cell *first = cell_new();
	cell_at_shutdown(stand_still, first);
	start(&closer, "closer", end_all, NULL);
	await_inside();
	for (int i = 0; i < 3; i++)
		use_new();
	let_go();
	join(&closer);
	check_quiet(3);
	return 0;
}
