/* Ops nested deeper than a thread's frames reach are all left by one jump. None of them stays in flight: the free that
 * follows does not wait.
 *
 * finding: abandoned cell c x63+; call cell_call at nest; create cell_new in main
 * finding: abandoned cell c; call cell_call at main; create cell_new in main
 * recording: handles.cell.freed=1
 */
#include <setjmp.h>

#include "caller.h"

enum { DEPTH = 70 };

static jmp_buf back;
static int depth;

static int nest(cell *c, void *unused)
{
	(void)unused;
	if (++depth == DEPTH)
		longjmp(back, 1);
	CHECK(cell_call(c, nest, NULL) == 1);
	return 0;
}

int main(void)
{
	static cell *c;
	c = cell_new();
	tell("c", c);
	if (setjmp(back) == 0)
		cell_call(c, nest, NULL);
	CHECK(cell_free(c) == 0);
	CHECK(cell_late() == 0 && cell_twice() == 0 && cell_frees() == 1);
	return 0;
}
