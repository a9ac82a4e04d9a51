/* The destroy notify of one handle is a lambda that ends with the free of another, which a thread is using.
 *
 * finding: late-free cell v; call cell_free in any; op cell_call in use_it on user; create cell_new in main;
 *     drained
 * observed: same
 * recording: handles.cell.freed=2
 */
extern "C" {
#include "caller.h"
}

static void free_owner(void *c)
{
	CHECK(cell_free(static_cast<cell *>(c)) == 0);
}

int main()
{
	struct side user, closer;
	cell *owner = cell_new(), *victim = cell_new();
	tell("v", victim);
	cell_on_free(
	    owner, [](cell *, void *other) { return cell_free(static_cast<cell *>(other)); }, victim);
	start(&user, "user", use_it, victim);
	await_inside();
	start(&closer, "closer", free_owner, owner);
	meet(&user, &closer);
	check_cells(2);
	return 0;
}
