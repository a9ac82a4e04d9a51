/* A child is made from a parent while that is freed. The manifest does not call the create an op of the parent: it is
 * in flight on it all the same. The child is then closed too late.
 *
 * finding: late-free cell p; call cell_free in free_it on closer; op cell_graft in graft on user; create cell_new
 *     in main; drained
 * finding: orphan cell p; call cell_free in free_it on closer; create cell_new in main; alive cell_graft in graft
 *     on user
 * finding: orphan bud b; call bud_free in main; free cell_free in free_it on closer; create cell_graft in graft on
 *     user
 * recording: handles.cell.freed=1 handles.bud.leaked=1
 * run: HANDLEGUARD_MODE=observe
 * finding: late-free cell p; call cell_free in free_it on closer; op cell_graft in graft on user; create cell_new
 *     in main
 * finding: orphan bud b; call bud_free in main; free cell_free in free_it on closer; create cell_graft in graft on
 *     user
 */
#include "caller.h"

static bud *child;

static void graft(void *parent)
{
	child = cell_graft(parent, stand_still, NULL);
}

int main(void)
{
	struct side user, closer;
	cell *parent = cell_new();
	tell("p", parent);
	start(&user, "user", graft, parent);
	await_inside();
	start(&closer, "closer", free_it, parent);
	meet(&user, &closer);
	tell("b", child);
	bud_free(child);
	STAY();
	check_cells(1);
	return 0;
}
