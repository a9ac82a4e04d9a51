/* More coroutines of one thread are parked in ops than a thread has frames. A handle is freed meanwhile whose destroy
 * callback uses it; then each op is left, and its handle freed.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=101 handles.cell.freed=101
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.created=101 handles.cell.freed=101
 */
#include "caller.h"

enum { COUNT = 100 };

static struct coroutine routines[COUNT];
static cell *cells[COUNT];

static int go_away(cell *unused, void *routine)
{
	(void)unused;
	yield(routine);
	return 0;
}

static void enter(void *routine)
{
	CHECK(cell_call(cells[(struct coroutine *)routine - routines], go_away, routine) == 1);
}

static int use_last(cell *c, void *unused)
{
	(void)unused;
	CHECK(cell_touch(c) == 1);
	return 0;
}

int main(void)
{
	for (int i = 0; i < COUNT; i++) {
		cells[i] = cell_new();
		begin(&routines[i], enter, &routines[i]);
	}
	cell *c = cell_new();
	CHECK(cell_on_free(c, use_last, NULL) == 1);
	CHECK(cell_free(c) == 0);
	for (int i = 0; i < COUNT; i++) {
		resume(&routines[i]);
		CHECK(cell_free(cells[i]) == 0);
	}
	check_quiet(COUNT + 1);
	return 0;
}
