/* The clean-up of all cells calls back, and the callback makes a cell and frees it: it waits for nobody.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.created=1
 */
#include "caller.h"

static int make_another(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	CHECK(cell_free(cell_new()) == 0);
	return 0;
}

int main(void)
{
	cell_at_shutdown(make_another, NULL);
	CHECK(cell_shutdown() == 0);
	check_quiet(1);
	return 0;
}
