/* A destroy callback takes a reference to what is going, and gives it back.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.leaf.created=1 handles.leaf.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.leaf.created=1 handles.leaf.freed=1
 */
#include "caller.h"

static void take_and_give_back(void *l)
{
	CHECK(leaf_ref(l) == l);
	CHECK(leaf_touch(l) == 1);
	leaf_unref(l);
	STAY();
}

int main(void)
{
	leaf *l = leaf_new();
	CHECK(leaf_on_end(l, take_and_give_back, l) == 1);
	leaf_unref(l);
	check_quiet(1);
	return 0;
}
