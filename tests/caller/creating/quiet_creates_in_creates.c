/* Creates in creates, each of which calls back with the new handle, which is used there: of more than a thread keeps in
 * mind it is said that a late use would not be told.
 *
 * recording: handles.cell.freed=9 counters.expected-full=1
 */
#include "caller.h"

enum { MANY = 9 };

static cell *cells[MANY];
static int count;

static int use_new(cell *c, void *unused)
{
	CHECK(cell_touch(c) == 1);
	if (++count < MANY) {
		int mine = count;
		cells[mine] = cell_open(use_new, unused);
		CHECK(cells[mine]);
	}
	return 0;
}

int main(void)
{
	cells[0] = cell_open(use_new, NULL);
	for (int i = 0; i < MANY; i++)
		CHECK(cell_free(cells[i]) == 0);
	check_quiet(MANY);
	return 0;
}
