/* The clean-up of all cells meets a create that has made its cell and has not returned: it waits for that, and ends the
 * new cell too. Where nothing is held up, nobody knows whether it has.
 *
 * run: HANDLEGUARD_MODE=guard
 * finding: late-free cell any; call cell_shutdown in end_all on closer; op cell_open in make_one on maker; all; drained
 * finding: late-op cell c; call cell_touch in main; free cell_shutdown in end_all; create cell_open in make_one
 * recording: handles.cell.created=1 handles.cell.freed=1
 * run: HANDLEGUARD_MODE=observe
 * finding: late-free cell any; call cell_shutdown in end_all on closer; op cell_open in make_one on maker; all
 * recording: handles.cell.created=1 handles.cell.freed=1
 */
#include "caller.h"

static cell *made;

static void make_one(void *unused)
{
	(void)unused;
	made = cell_open(stand_still, NULL);
	STAY();
}

static void end_all(void *unused)
{
	(void)unused;
	CHECK(cell_shutdown() == 0);
}

int main(void)
{
	struct side maker, closer;
	start(&maker, "maker", make_one, NULL);
	await_inside();
	start(&closer, "closer", end_all, NULL);
	if (guarding())
		await_drain(&closer);
	else
		join(&closer);
	let_go();
	join(&maker);
	if (guarding())
		join(&closer);
	tell("c", made);
	if (guarding())
		CHECK(cell_touch(made) == -1);
	else
		CHECK(cell_free(made) == 0);
	return 0;
}
