/* A callback leaves the op, which had nothing to do after it, by a jump that calls no function, as the raise of some
 * interpreters does. The op is not in flight any more: the handle is used and freed.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.freed=1
 */
#include "leave.h"

int main(void)
{
	cell *c = cell_new();
	enter_and_leave(c);
	CHECK(cell_touch(c) == 1);
	CHECK(cell_free(c) == 0);
	check_quiet(1);
	return 0;
}
