/* An op ends with a jump to another op of its library, and so does the library's own call seem to come from nobody. By
 * then a free waits for it: the program must still get what the library answers.
 *
 * finding: late-free cell c; call cell_free in free_it on closer; op cell_nod in nod on user; create cell_new in
 *     main; drained
 * recording: handles.cell.freed=1
 */
#include "caller.h"

static void nod(void *c)
{
	CHECK(cell_nod(c, stand_still, NULL) == 1);
}

int main(void)
{
	struct side user, closer;
	cell *c = cell_new();
	tell("c", c);
	start(&user, "user", nod, c);
	await_inside();
	start(&closer, "closer", free_it, c);
	meet(&user, &closer);
	check_cells(1);
	return 0;
}
