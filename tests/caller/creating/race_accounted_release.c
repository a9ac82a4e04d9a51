/* A create drops its caller's reference to another handle. That release is not how the create makes its own handle: the
 * reference is gone, and what the program does with the old handle afterwards is wrong.
 *
 * finding: late-op leaf a; call leaf_touch in main; free leaf_unref in main; create leaf_new in main
 * finding: repeat-free leaf a; call leaf_unref in drop_again; free leaf_unref in main; create leaf_new in main
 * observed: same
 * recording: handles.leaf.created=2 handles.leaf.freed=2
 */
#include "caller.h"

static void drop_again(leaf *l)
{
	leaf_unref(l);
	STAY();
}

int main(void)
{
	leaf *old = leaf_new();
	tell("a", old);
	leaf *next = leaf_next(old);
	CHECK(leaf_touch(old) == (guarding() ? -1 : 1));
	drop_again(old);
	leaf_unref(next);
	check_leaves(2);
	return 0;
}
