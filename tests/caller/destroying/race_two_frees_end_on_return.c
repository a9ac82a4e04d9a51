/* A free that keeps the handle's other users out by itself ends it when it returns. Of two at once only one is made.
 *
 * finding: repeat-free cell c; call cell_join in join_again; free cell_join in join_it on closer; create cell_new
 *     in main
 * recording: handles.cell.freed=1
 */
#include "caller.h"

static void join_it(void *c)
{
	CHECK(cell_join(c) == 0);
}

static void join_again(cell *c)
{
	cell_join(c);
	STAY();
}

int main(void)
{
	struct side closer;
	cell *c = cell_new();
	tell("c", c);
	CHECK(cell_on_free(c, stand_still, NULL) == 1);
	start(&closer, "closer", join_it, c);
	await_inside();
	join_again(c);
	let_go();
	join(&closer);
	check_cells(1);
	return 0;
}
