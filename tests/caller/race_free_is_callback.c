/* The free itself is handed over as an op's callback: only the library stands between the op and the free, however the
 * program was compiled.
 *
 * finding: reentrant-free cell c; call cell_free in main; op cell_call in main; create cell_new in main; deferred
 * observed: same
 * recording: handles.cell.freed=1
 */
#include "caller.h"

int main(void)
{
	cell *c = cell_new();
	tell("c", c);
	CHECK(cell_call(c, (cell_callback)(void (*)(void))cell_free, NULL) == 1);
	check_cells(1);
	return 0;
}
