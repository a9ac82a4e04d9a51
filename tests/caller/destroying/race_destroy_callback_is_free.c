/* The free is itself the destroy callback of the handle: the library frees it, and calls it back to free it again.
 *
 * finding: repeat-free cell c; call cell_free in main; free cell_free in main; create cell_new in main
 * observed: same
 * recording: handles.cell.freed=1
 */
#include "caller.h"

int main(void)
{
	cell *c = cell_new();
	tell("c", c);
	CHECK(cell_on_free(c, (cell_callback)(void (*)(void))cell_free, NULL) == 1);
	CHECK(cell_free(c) == 0);
	check_cells(1);
	return 0;
}
