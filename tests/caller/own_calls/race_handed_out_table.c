/* The library hands out a table of its functions; what the program calls by it is the program's call.
 *
 * finding: late-free cell c; call cell_free in free_by_table on closer; op cell_call in use_by_table on user;
 *     create cell_new in main; drained
 * finding: late-op cell c; call cell_touch in main; free cell_free in free_by_table on closer; create cell_new in
 *     main
 * observed: same
 * recording: handles.cell.freed=1
 */
#include "caller.h"

static void use_by_table(void *c)
{
	CHECK(cell_functions()->call(c, stand_still, NULL) == 1);
}

static void free_by_table(void *c)
{
	CHECK(cell_functions()->free(c) == 0);
}

int main(void)
{
	struct side user, closer;
	cell *c = cell_new();
	tell("c", c);
	start(&user, "user", use_by_table, c);
	await_inside();
	start(&closer, "closer", free_by_table, c);
	meet(&user, &closer);
	CHECK(cell_functions()->touch(c) == (guarding() ? -1 : 1));
	check_cells(1);
	return 0;
}
