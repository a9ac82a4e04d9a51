/* While a cell is freed with its children, a thread that the free waits for polls them, with any number of its frames
 * taken: they run out at the first of the children, at the last, at each between. The free waits till all polls have
 * left, and takes place once.
 *
 * finding: late-free cell c; call cell_fell in fell on closer; op any; create cell_new in main; drained
 * recording: handles.cell.freed=2 handles.bud.freed=17
 */
#include "caller.h"

enum { BUDS = 17, FRAMES = 64, ROOMIEST = FRAMES - 2 * BUDS };

static bud *buds[BUDS];
static cell *other;
static int depth;

static int return_at_once(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	return 0;
}

/* One frame deeper each time. Polls are let in while a free waits: they may wake whom it waits for. */
static int poll_ever_deeper(cell *unused, void *unused_too)
{
	(void)unused;
	if (++depth == ROOMIEST)
		stand_still(NULL, NULL);
	if (depth > ROOMIEST)
		CHECK(bud_poll(buds, BUDS, return_at_once, NULL) == 1);
	if (depth < FRAMES)
		CHECK(cell_call(other, poll_ever_deeper, unused_too) == 1);
	return 0;
}

static void poll_first(void *unused)
{
	CHECK(bud_poll(buds, BUDS, poll_ever_deeper, unused) == 1);
}

static void fell(void *c)
{
	CHECK(cell_fell(c, buds, BUDS) == 0);
}

int main(void)
{
	struct side user, closer;
	cell *c = cell_new();
	other = cell_new();
	tell("c", c);
	for (int i = 0; i < BUDS; i++)
		buds[i] = cell_sprout(c);
	start(&user, "user", poll_first, NULL);
	await_inside();
	start(&closer, "closer", fell, c);
	meet(&user, &closer);
	CHECK(cell_free(other) == 0);
	check_cells(BUDS + 2);
	return 0;
}
