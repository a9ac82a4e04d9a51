/* A callback ends with the free of the handle that it was called for, which a compiler makes a jump: the call seems to
 * come from where the callback was called, in the library.
 *
 * finding: reentrant-free cell c; call cell_free in free_last|main; op cell_call in main; create cell_new in main;
 *     deferred
 * observed: same
 * recording: handles.cell.freed=1
 */
#include "caller.h"

static int free_last(cell *c, void *unused)
{
	(void)unused;
	return cell_free(c);
}

int main(void)
{
	cell *c = cell_new();
	tell("c", c);
	CHECK(cell_call(c, free_last, NULL) == 1);
	check_cells(1);
	return 0;
}
