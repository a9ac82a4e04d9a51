/* An op ends with a jump to its callback, which ends with a jump to the free of another handle: the call seems to come
 * from nobody. A thread is in an op of that one.
 *
 * finding: late-free cell v; call cell_free in free_victim|pass on closer; op cell_call in use_it on user; create
 *     cell_new in main; drained
 * observed: same
 * recording: handles.cell.freed=2
 */
#include "caller.h"

static cell *victim;

static int free_victim(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	return cell_free(victim);
}

static void pass(void *other)
{
	CHECK(cell_pass(other, free_victim, NULL) == 0);
}

int main(void)
{
	struct side user, closer;
	cell *other = cell_new();
	victim = cell_new();
	tell("v", victim);
	start(&user, "user", use_it, victim);
	await_inside();
	start(&closer, "closer", pass, other);
	meet(&user, &closer);
	CHECK(cell_free(other) == 0);
	check_cells(2);
	return 0;
}
