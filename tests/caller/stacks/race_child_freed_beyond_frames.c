/* The free of a child, made where a thread's frames are all taken, is in flight on the parent as ever: the parent's
 * free waits for it.
 *
 * finding: late-free cell p; call cell_free in free_it on owner; op any; create cell_new in main; drained
 * observed: same
 * recording: handles.cell.freed=2 handles.bud.freed=1
 */
#include "caller.h"

enum { DEPTH = 70 };

static bud *child;
static int depth;

static int nest(cell *c, void *unused)
{
	(void)unused;
	if (++depth < DEPTH)
		CHECK(cell_call(c, nest, NULL) == 1);
	else
		CHECK(bud_free(child) == 0);
	return 0;
}

static void use_deep(void *c)
{
	CHECK(cell_call(c, nest, NULL) == 1);
}

int main(void)
{
	struct side user, owner;
	cell *c = cell_new(), *parent = cell_new();
	child = cell_sprout(parent);
	tell("p", parent);
	bud_on_free(child, stand_still, NULL);
	start(&user, "user", use_deep, c);
	await_inside();
	start(&owner, "owner", free_it, parent);
	meet(&user, &owner);
	CHECK(cell_free(c) == 0);
	check_cells(3);
	return 0;
}
