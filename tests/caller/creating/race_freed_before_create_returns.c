/* A create tells of its new handle before it returns it, and the callback frees it. What is returned then was dead
 * before it came. The second create writes it to where the caller, or another thread, reads it.
 *
 * finding: late-op cell c; call cell_touch in misuse; free cell_free in free_new; create any
 * finding: repeat-free cell c; call cell_free in misuse; free cell_free in free_new; create any
 * finding: late-op cell d; call cell_touch in misuse; free cell_free in free_it on closer; create any
 * finding: repeat-free cell d; call cell_free in misuse; free cell_free in free_it on closer; create any
 * observed: same
 */
#include "caller.h"

static cell *shared;

static int free_new(cell *c, void *unused)
{
	(void)unused;
	CHECK(cell_free(c) == 0);
	return 0;
}

static int let_another_free(cell *unused, void *unused_too)
{
	struct side closer;
	(void)unused;
	(void)unused_too;
	start(&closer, "closer", free_it, shared);
	join(&closer);
	return 0;
}

static void misuse(const char *name, cell *c)
{
	tell(name, c);
	CHECK(cell_touch(c) == (guarding() ? -1 : 1));
	cell_free(c);
	STAY();
}

int main(void)
{
	misuse("c", cell_open(free_new, NULL));
	CHECK(cell_open_to(&shared, let_another_free, NULL) == 0);
	misuse("d", shared);
	check_cells(2);
	return 0;
}
