/* A thread leaves ops by jumps that call no function, and calls the library again from where it got. When another
 * thread frees the handle, it has nobody to wait for.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.freed=2
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.freed=2
 */
#include "leave.h"

enum { ROUNDS = 200 };

int main(void)
{
	struct side closer;
	cell *c = cell_new(), *other = cell_new();
	for (int i = 0; i < ROUNDS; i++)
		enter_and_leave(c);
	CHECK(cell_touch(other) == 1);
	start(&closer, "closer", free_it, c);
	join(&closer);
	CHECK(cell_free(other) == 0);
	check_quiet(2);
	return 0;
}
