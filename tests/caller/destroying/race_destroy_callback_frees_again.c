/* A destroy callback frees the very handle that is being freed, by an ordinary call and by one that ends it.
 *
 * finding: repeat-free cell c; call cell_free in free_again; free cell_free in free_with; create cell_new in
 *     free_with
 * finding: repeat-free cell d; call cell_free in free_last|free_with; free cell_free in free_with; create cell_new
 *     in free_with
 * observed: same
 * recording: handles.cell.freed=2
 */
#include "caller.h"

static int free_again(cell *c, void *unused)
{
	(void)unused;
	cell_free(c);
	STAY();
	return 0;
}

static int free_last(cell *c, void *unused)
{
	(void)unused;
	return cell_free(c);
}

static void free_with(const char *name, cell_callback on_free)
{
	cell *c = cell_new();
	tell(name, c);
	CHECK(cell_on_free(c, on_free, NULL) == 1);
	CHECK(cell_free(c) == 0);
}

int main(void)
{
	free_with("c", free_again);
	free_with("d", free_last);
	check_cells(2);
	return 0;
}
