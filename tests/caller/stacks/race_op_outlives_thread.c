/* A coroutine yields in an op, and its thread ends. The op is not over: another thread goes on with it, and is in it
 * when the handle is freed.
 *
 * finding: late-free cell c; call cell_free in free_it on closer; op cell_call in any; create cell_new in main;
 *     drained
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
	return stand_still(NULL, NULL);
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
	struct side first, second, closer;
	cell *c = cell_new();
	tell("c", c);
	start(&first, "first", first_part, c);
	join(&first);
	start(&second, "second", second_part, NULL);
	await_inside();
	start(&closer, "closer", free_it, c);
	meet(&second, &closer);
	check_cells(1);
	return 0;
}
