/* A destroy callback frees what ends with its handle, and the destroy callback of that is left by a jump that calls no
 * function. It counts as freed once.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.freed=1 handles.bud.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.freed=1 handles.bud.freed=1
 */
#include "leave.h"

__attribute__((noinline)) static void start_free(bud *b)
{
	if (__builtin_setjmp(back) == 0)
		CHECK(bud_free(b) == 0);
}

static int free_child(cell *c, void *b)
{
	start_free(b);
	CHECK(cell_touch(c) == 1);
	return 0;
}

int main(void)
{
	cell *c = cell_new();
	bud *b = cell_sprout(c);
	CHECK(bud_on_free(b, leave, NULL) == 1);
	CHECK(cell_on_free(c, free_child, b) == 1);
	CHECK(cell_fell(c, NULL, 0) == 0);
	check_quiet(1);
	return 0;
}
