/* An op is itself another op's callback, and so comes on a handle that the outer op's own callback has freed: the free
 * is left to the outermost op, and the handle is not to be used any more.
 *
 * finding: reentrant-free cell c; call cell_free in free_then_pass; op cell_call in main; create cell_new in main;
 *     deferred
 * finding: late-op cell c; call cell_pass in free_then_pass; free cell_free in free_then_pass; create cell_new in
 *     main
 * recording: handles.cell.freed=2
 * run: HANDLEGUARD_MODE=observe
 * finding: reentrant-free cell c; call cell_free in free_then_pass; op cell_call in main; create cell_new in main
 * finding: late-op cell c; call cell_pass in free_then_pass; free cell_free in free_then_pass; create cell_new in
 *     main
 * finding: late-op cell c; call cell_touch in free_then_pass; free cell_free in free_then_pass; create cell_new in
 *     main
 */
#include "caller.h"

#define TOUCH ((cell_callback)(void (*)(void))cell_touch)

static cell *other;

static int free_then_pass(cell *c, void *unused)
{
	(void)unused;
	CHECK(cell_free(c) == 0);
	CHECK(cell_pass(c, TOUCH, NULL) == (guarding() ? -1 : 1));
	CHECK(cell_pass(other, TOUCH, NULL) == 1);
	return 0;
}

int main(void)
{
	cell *c = cell_new();
	other = cell_new();
	tell("c", c);
	CHECK(cell_call(c, free_then_pass, NULL) == 1);
	CHECK(cell_free(other) == 0);
	check_cells(2);
	return 0;
}
