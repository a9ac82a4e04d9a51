/* What a library has taken by a call in one op it gives back in another. The program's own reference is then the last,
 * and what it does after that one is wrong.
 *
 * finding: late-op leaf a; call leaf_touch in main; free leaf_unref in main; create leaf_new in main
 * finding: repeat-free leaf a; call leaf_unref in drop_again; free leaf_unref in main; create leaf_new in main
 * observed: same
 * recording: handles.leaf.created=1 handles.leaf.freed=1
 */
#include "caller.h"

static void drop_again(leaf *l)
{
	leaf_unref(l);
	STAY();
}

int main(void)
{
	leaf *l = leaf_new();
	tell("a", l);
	CHECK(leaf_keep(l) == 1);
	CHECK(leaf_let_go(l) == 1);
	leaf_unref(l);
	CHECK(leaf_touch(l) == (guarding() ? -1 : 1));
	drop_again(l);
	check_leaves(1);
	return 0;
}
