/* More ops of one thread are nested than it has frames. The innermost callback frees a handle whose destroy callback
 * uses it.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=2 handles.cell.freed=2
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.created=2 handles.cell.freed=2
 */
#include "caller.h"

enum { DEPTH = 100 };

static int depth;

static int use_last(cell *c, void *unused)
{
	(void)unused;
	CHECK(cell_touch(c) == 1);
	return 0;
}

static int nest(cell *c, void *last)
{
	if (++depth < DEPTH)
		CHECK(cell_call(c, nest, last) == 1);
	else
		CHECK(cell_free(last) == 0);
	return 0;
}

int main(void)
{
	cell *c = cell_new(), *last = cell_new();
	CHECK(cell_on_free(last, use_last, NULL) == 1);
	CHECK(cell_call(c, nest, last) == 1);
	CHECK(cell_free(c) == 0);
	check_quiet(2);
	return 0;
}
