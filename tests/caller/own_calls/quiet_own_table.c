/* The same by a table of pointers to its own functions, which the library keeps for itself: a teardown, and a thread of
 * its own that frees.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=2 handles.cell.freed=2
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.created=2 handles.cell.freed=2
 */
#include "caller.h"

int main(void)
{
	CHECK(cell_raze_by_table(cell_new()) == 0);
	CHECK(cell_close_by_table(cell_new()) == 0);
	cell_await_closed();
	check_quiet(2);
	return 0;
}
