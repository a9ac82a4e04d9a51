/* A coroutine yields in an op, its thread ends, and another thread goes on with it and leaves the op. A third thread,
 * in an op of the same handle all the time, stays in flight: the free waits for it.
 *
 * finding: late-free cell c; call cell_free in free_it on closer; op cell_call in use_it on user; create cell_new
 *     in main; drained
 * observed: same
 * recording: handles.cell.freed=1
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

static void use_it_apart(void *c)
{
	CHECK(cell_call(c, go_away, NULL) == 1);
}

static void first_part(void *c)
{
	begin(&routine, use_it_apart, c);
}

static void second_part(void *unused)
{
	(void)unused;
	resume(&routine);
}

int main(void)
{
	struct side first, second, user, closer;
	cell *c = cell_new();
	tell("c", c);
	start(&first, "first", first_part, c);
	join(&first);
	start(&user, "user", use_it, c);
	await_inside();
	start(&second, "second", second_part, NULL);
	join(&second);
	start(&closer, "closer", free_it, c);
	meet(&user, &closer);
	check_cells(1);
	return 0;
}
