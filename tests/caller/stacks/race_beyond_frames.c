/* Ops nested deeper than a thread's frames reach do not make the program's calls the library's own: a release of
 * another library's leaf, at the end of a callback to which an op jumps, is waited for as ever.
 *
 * finding: late-free leaf l; call leaf_unref in any on closer; op leaf_call in use_leaf on user; create leaf_new
 *     in main; drained
 * observed: same
 * recording: handles.leaf.freed=1 handles.cell.freed=1
 */
#include "caller.h"

enum { DEPTH = 70 };

typedef int (*release)(leaf *);

static leaf *victim;
static int depth;

static int drop_victim(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	release drop = (release)(void (*)(void))leaf_unref;
	return drop(victim);
}

static int nest(cell *c, void *unused)
{
	(void)unused;
	if (++depth < DEPTH)
		CHECK(cell_call(c, nest, NULL) == 1);
	else
		cell_pass(c, drop_victim, NULL);
	STAY();
	return 0;
}

static void use_leaf(void *l)
{
	CHECK(leaf_call(l, stand_still_with, NULL) == 1);
}

static void use_deep(void *c)
{
	CHECK(cell_call(c, nest, NULL) == 1);
}

int main(void)
{
	struct side user, closer;
	cell *c = cell_new();
	victim = leaf_new();
	tell("l", victim);
	start(&user, "user", use_leaf, victim);
	await_inside();
	start(&closer, "closer", use_deep, c);
	meet(&user, &closer);
	CHECK(cell_free(c) == 0);
	check_leaves(1);
	return 0;
}
