/* The clean-up of all cells calls back, and the callback uses and frees one that was dead before.
 *
 * finding: late-op cell c; call cell_touch in use_again; free cell_free in main; create cell_new in main
 * finding: repeat-free cell c; call cell_free in use_again; free cell_free in main; create cell_new in main
 * observed: same
 * recording: handles.cell.freed=1
 */
#include "caller.h"

static int use_again(cell *c, void *unused)
{
	(void)unused;
	CHECK(cell_touch(c) == (guarding() ? -1 : 1));
	cell_free(c);
	STAY();
	return 0;
}

int main(void)
{
	cell *c = cell_new();
	tell("c", c);
	cell_at_shutdown(use_again, c);
	CHECK(cell_free(c) == 0);
	CHECK(cell_shutdown() == 0);
	check_cells(1);
	return 0;
}
