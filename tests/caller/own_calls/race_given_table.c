/* The program gives the library a table of functions, one of which ends in a jump to the same function of the table
 * that the library hands out: it leaves the registers as if the library had called by its own table.
 *
 * finding: late-free cell c; call cell_free in free_as_before|free_by_given on closer; op cell_call in use_it on user;
 *     create cell_new in main; drained
 * observed: same
 * recording: handles.cell.freed=1
 */
#include "caller.h"

static const struct cell_functions *before;

static int free_as_before(cell *c)
{
	return before->free(c);
}

static const struct cell_functions given = {.free = free_as_before};

static void free_by_given(void *c)
{
	CHECK(cell_free_by_given(c) == 0);
}

int main(void)
{
	struct side user, closer;
	cell *c = cell_new();
	before = cell_functions();
	cell_give(&given);
	tell("c", c);
	start(&user, "user", use_it, c);
	await_inside();
	start(&closer, "closer", free_by_given, c);
	meet(&user, &closer);
	check_cells(1);
	return 0;
}
