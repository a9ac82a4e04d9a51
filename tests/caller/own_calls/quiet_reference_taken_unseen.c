/* The library holds on to a handle by a reference that it counts in place, in the middle of an op, of a function that
 * is not guarded, or for what it has made from the handle. It gives it back by the function by which the program gives
 * back its own, which are as many as before.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.leaf.created=2 handles.leaf.freed=2
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.leaf.created=2 handles.leaf.freed=2
 */
#include "caller.h"

static void touch(void *l)
{
	CHECK(leaf_touch(l) == 1);
}

static void visit_again(void *l)
{
	CHECK(leaf_visit(l, touch, l) == 1);
	CHECK(leaf_ref(l) == l);
}

int main(void)
{
	leaf *l = leaf_new();
	CHECK(leaf_visit(l, visit_again, l) == 1);
	CHECK(leaf_touch(l) == 1);
	leaf_unref(l);
	CHECK(leaf_visit(l, touch, l) == 1);
	CHECK(leaf_touch(l) == 1);
	CHECK(leaf_pass_by(l) == 1);
	CHECK(leaf_touch(l) == 1);
	leaf_unref(leaf_branch(l));
	CHECK(leaf_touch(l) == 1);
	leaf_unref(l);
	check_quiet(2);
	return 0;
}
