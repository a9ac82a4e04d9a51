/* Closes that hand the free over to a thread of the library's own. It calls the free, ends with a jump to it, begins
 * with it; and so does one of another object of the same manifest.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=4 handles.cell.freed=4
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.created=4 handles.cell.freed=4
 */
#include "caller.h"

static int ended;

static int note_end(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	ended++;
	return 0;
}

static cell *make(void)
{
	cell *c = cell_new();
	CHECK(cell_on_free(c, note_end, NULL) == 1);
	return c;
}

static void close_by(int (*close_cell)(cell *))
{
	CHECK(close_cell(make()) == 0);
	cell_await_closed();
}

int main(void)
{
	close_by(cell_close);
	close_by(cell_close_by_jump);
	close_by(cell_close_by_start);
	CHECK(coat_close(make()) == 0);
	coat_await_closed();
	CHECK(ended == 4);
	check_quiet(4);
	return 0;
}
