/* A free from inside its handle's own op is left to that op, and its destroy callback leaves it by a longjmp. What the
 * handle was made from is not in use by it any more: the free of that does not wait.
 *
 * run: HANDLEGUARD_MODE=guard
 * finding: reentrant-free bud b; call bud_free in free_it_inside; op bud_poll in main; create cell_sprout in main;
 *     deferred
 * finding: abandoned bud b; call bud_free at free_it_inside; create cell_sprout in main
 * recording: handles.cell.freed=1 handles.bud.freed=1
 */
#include <setjmp.h>

#include "caller.h"

static jmp_buf back;

static int leave(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	longjmp(back, 1);
}

static int free_it_inside(cell *unused, void *b)
{
	(void)unused;
	bud_free(b);
	STAY();
	return 1;
}

int main(void)
{
	static cell *parent;
	static bud *b;
	parent = cell_new();
	b = cell_sprout(parent);
	tell("b", b);
	CHECK(bud_on_free(b, leave, NULL) == 1);
	if (setjmp(back) == 0)
		bud_poll(&b, 1, free_it_inside, b);
	CHECK(cell_free(parent) == 0);
	return 0;
}
