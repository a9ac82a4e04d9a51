/* A coroutine yields in a destroy callback, its thread ends, and another thread goes on with it: what it does to the
 * handle is still inside that free.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=1 handles.cell.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.created=1 handles.cell.freed=1
 */
#include "caller.h"

static struct coroutine routine;

static int go_away(cell *c, void *unused)
{
	(void)unused;
	yield(&routine);
	return cell_touch(c);
}

static void free_apart(void *c)
{
	CHECK(cell_free(c) == 0);
}

static void first_part(void *c)
{
	begin(&routine, free_apart, c);
}

static void second_part(void *unused)
{
	(void)unused;
	resume(&routine);
}

int main(void)
{
	struct side first, second;
	cell *c = cell_new();
	CHECK(cell_on_free(c, go_away, NULL) == 1);
	start(&first, "first", first_part, c);
	join(&first);
	start(&second, "second", second_part, NULL);
	join(&second);
	check_quiet(1);
	return 0;
}
