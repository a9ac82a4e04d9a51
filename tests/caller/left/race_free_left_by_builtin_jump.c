/* A destroy callback leaves the free by a jump that calls no function, as the raise of some interpreters does. The free
 * is not under way any more; what the thread does to the handle later is as wrong as ever.
 *
 * finding: late-op cell c; call cell_touch in main; free cell_free in start_free; create cell_new in main
 * finding: repeat-free cell c; call cell_free in free_again; free cell_free in start_free; create cell_new in main
 * observed: same
 */
#include "leave.h"

__attribute__((noinline)) static void start_free(cell *c)
{
	if (__builtin_setjmp(back) == 0)
		CHECK(cell_free(c) == 0);
}

static void free_again(cell *c)
{
	cell_free(c);
	STAY();
}

int main(void)
{
	cell *c = cell_new();
	tell("c", c);
	CHECK(cell_on_free(c, leave, NULL) == 1);
	start_free(c);
	CHECK(cell_touch(c) == (guarding() ? -1 : 1));
	free_again(c);
	check_cells(0);
	return 0;
}
