/* A create makes a handle where a dead one was, and tells of it before it returns. The callback frees what it is made
 * from, which is left to the create, and then the new handle, which goes with that: what is told names its own life,
 * and not the dead one's.
 *
 * run: HANDLEGUARD_MODE=guard
 * finding: reentrant-free cell c; call cell_free in free_both; op cell_layer_at in main; create cell_new in main;
 *     deferred
 * finding: orphan bud b g2; call bud_free in free_both older; free cell_free in free_both; create any
 * recording: handles.cell.freed=1 handles.bud.created=2 handles.bud.freed=1
 */
#include "caller.h"

static int free_both(bud *b, void *parent)
{
	cell_free(parent);
	bud_free(b);
	STAY();
	return 0;
}

int main(void)
{
	cell *c = cell_new();
	bud *b = cell_sprout(c);
	tell("c", c);
	tell("b", b);
	CHECK(bud_free(b) == 0);
	CHECK(cell_layer_at(c, b, free_both, c) == b);
	return 0;
}
