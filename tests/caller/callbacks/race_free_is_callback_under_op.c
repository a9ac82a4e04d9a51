/* The free is itself the callback of an op, and another thread is in an op of the same handle: it can wait for that
 * one, not for its own.
 *
 * finding: reentrant-free cell c; call cell_free in use_up on closer; op cell_call in use_up on closer; op
 *     cell_call in use_it on user; create cell_new in main; deferred
 * observed: same
 * recording: handles.cell.freed=1
 */
#include "caller.h"

static void use_up(void *c)
{
	CHECK(cell_call(c, (cell_callback)(void (*)(void))cell_free, NULL) == 1);
}

int main(void)
{
	struct side user, closer;
	cell *c = cell_new();
	tell("c", c);
	start(&user, "user", use_it, c);
	await_inside();
	start(&closer, "closer", use_up, c);
	join(&closer);
	let_go();
	join(&user);
	check_cells(1);
	return 0;
}
