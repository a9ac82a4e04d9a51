/* A thread polls the children of a cell, and polls them again from there, when the cell is freed with its children.
 * Each of the two calls is told once, however many children it is in flight on.
 *
 * finding: late-free cell c; call cell_fell in fell on closer; op bud_poll in poll_once on user; op bud_poll in
 *     poll_again on user; create cell_new in main; drained
 * observed: same
 * recording: handles.cell.freed=1 counters.parties-cut=0
 */
#include "caller.h"

enum { BUDS = 17 };

static bud *buds[BUDS];

static int poll_again(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	CHECK(bud_poll(buds, BUDS, stand_still, NULL) == 1);
	return 0;
}

static void poll_once(void *unused)
{
	(void)unused;
	CHECK(bud_poll(buds, BUDS, poll_again, NULL) == 1);
}

static void fell(void *c)
{
	CHECK(cell_fell(c, buds, BUDS) == 0);
}

int main(void)
{
	struct side user, closer;
	cell *c = cell_new();
	tell("c", c);
	for (int i = 0; i < BUDS; i++)
		buds[i] = cell_sprout(c);
	start(&user, "user", poll_once, NULL);
	await_inside();
	start(&closer, "closer", fell, c);
	meet(&user, &closer);
	check_cells(BUDS + 1);
	return 0;
}
