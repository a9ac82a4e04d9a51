/* A create comes while the library is at ending all cells: it waits till that is over, so that what it makes is a new
 * cell for the library and for us.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=2 handles.cell.freed=2
 */
#include "caller.h"

static cell *made;

static void end_all(void *unused)
{
	(void)unused;
	CHECK(cell_shutdown() == 0);
}

static void make_one(void *unused)
{
	(void)unused;
	made = cell_new();
}

int main(void)
{
	struct side closer, maker;
	cell *first = cell_new();
	cell_at_shutdown(stand_still, first);
	start(&closer, "closer", end_all, NULL);
	await_inside();
	start(&maker, "maker", make_one, NULL);
	await_drain(&maker);
	let_go();
	join(&closer);
	join(&maker);
	CHECK(cell_touch(made) == 1 && cell_free(made) == 0);
	check_quiet(1);
	return 0;
}
