/* A create takes a reference to another handle by a function that its caller hands to it. Both references are dropped
 * in the end, and the handle is used in between.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.leaf.created=2 handles.leaf.freed=2
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.leaf.created=2 handles.leaf.freed=2
 */
#include "caller.h"

int main(void)
{
	leaf *inner = leaf_new();
	leaf *box = leaf_wrap(inner, leaf_ref);
	leaf_unref(inner);
	CHECK(leaf_inner(box) == inner && leaf_touch(inner) == 1);
	leaf_unref(leaf_inner(box));
	leaf_unref(box);
	check_quiet(2);
	return 0;
}
