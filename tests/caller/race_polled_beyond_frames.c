/* Polls of 17 children nested so deep that a thread's frames run out in the middle of one. The free of the cell and of
 * its children waits till the last of them has left, and takes place once.
 *
 * finding: late-free cell c; call cell_fell in fell on closer; op any; create cell_new in main; drained
 * recording: handles.cell.freed=1
 */
#include "caller.h"

enum { BUDS = 17, DEPTH = 6 };

static bud *buds[BUDS];
static int depth;

static int return_at_once(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	return 0;
}

/* Polls while the free waits are let in: they wake the parked. */
static int poll_deeper(cell *unused, void *unused_too)
{
	if (++depth == DEPTH)
		return stand_still(unused, unused_too);
	CHECK(bud_poll(buds, BUDS, poll_deeper, NULL) == 1);
	for (int i = 0; i < BUDS; i++)
		CHECK(bud_poll(buds, BUDS, return_at_once, NULL) == 1);
	return 0;
}

static void fell(void *c)
{
	CHECK(cell_fell(c, buds, BUDS) == 0);
}

static void poll_first(void *unused)
{
	poll_deeper(NULL, unused);
	STAY();
}

int main(void)
{
	struct side user, closer;
	cell *c = cell_new();
	tell("c", c);
	for (int i = 0; i < BUDS; i++)
		buds[i] = cell_sprout(c);
	start(&user, "user", poll_first, NULL);
	await_inside();
	start(&closer, "closer", fell, c);
	meet(&user, &closer);
	check_cells(BUDS + 1);
	return 0;
}
