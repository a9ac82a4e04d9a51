/* The library's own teardown uses the handle by its exported functions, has a thread of its own use it, and ends with a
 * jump to its own free. None of that is the program's.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=1 handles.cell.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.created=1 handles.cell.freed=1
 */
#include "caller.h"

int main(void)
{
	CHECK(cell_raze(cell_new()) == 0);
	check_quiet(1);
	return 0;
}
