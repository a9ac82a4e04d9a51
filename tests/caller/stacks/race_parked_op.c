/* A coroutine is parked in an op, and its thread goes on and calls the library from its own stack. The op is not over:
 * a free by another thread waits till the coroutine has gone on and left it.
 *
 * finding: late-free cell c; call cell_free in free_it on closer; op cell_call in use_apart; create cell_new in
 *     main; drained
 * recording: handles.cell.freed=2
 */
#include "caller.h"

static struct coroutine routine;

static int go_away(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	yield(&routine);
	return 0;
}

static void use_apart(void *c)
{
	CHECK(cell_call(c, go_away, NULL) == 1);
}

int main(void)
{
	struct side closer;
	cell *c = cell_new(), *other = cell_new();
	tell("c", c);
	begin(&routine, use_apart, c);
	CHECK(cell_touch(other) == 1);
	start(&closer, "closer", free_it, c);
	await_drain(&closer);
	CHECK(cell_touch(other) == 1);
	CHECK(cell_frees() == 0);
	resume(&routine);
	join(&closer);
	CHECK(cell_free(other) == 0);
	check_cells(2);
	return 0;
}
