/* The free itself is handed over as an op's callback: only the library stands between the op and the free, however the
 * program was compiled. The second op jumps to it, so that nothing stands between them.
 *
 * finding: reentrant-free cell c; call cell_free in main; op cell_call in main; create cell_new in main; deferred
 * finding: reentrant-free cell d; call cell_free in main; op cell_pass in main; create cell_new in main; deferred
 * observed: same
 * recording: handles.cell.freed=2
 */
#include "caller.h"

#define FREE ((cell_callback)(void (*)(void))cell_free)

int main(void)
{
	cell *c = cell_new(), *d = cell_new();
	tell("c", c);
	tell("d", d);
	CHECK(cell_call(c, FREE, NULL) == 1);
	CHECK(cell_pass(d, FREE, NULL) == 0);
	check_cells(2);
	return 0;
}
