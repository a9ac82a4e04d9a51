/* A callback of one handle ends with the free of another, which a compiler makes a jump. A thread is in an op of that
 * one.
 *
 * finding: late-free cell v; call cell_free in free_victim|use on closer; op cell_call in use_it on user; create
 *     cell_new in main; drained
 * observed: same
 * recording: handles.cell.freed=2
 */
#include "caller.h"

static int free_victim(cell *unused, void *victim)
{
	(void)unused;
	return cell_free(victim);
}

static cell *victim;

static void use(void *other)
{
	CHECK(cell_call(other, free_victim, victim) == 1);
}

int main(void)
{
	struct side user, closer;
	cell *other = cell_new();
	victim = cell_new();
	tell("v", victim);
	start(&user, "user", use_it, victim);
	await_inside();
	start(&closer, "closer", use, other);
	meet(&user, &closer);
	CHECK(cell_free(other) == 0);
	check_cells(2);
	return 0;
}
