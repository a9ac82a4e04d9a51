/* A release is itself the notify by which the library drops what was attached to a leaf. The last reference goes that
 * way, under another thread's op.
 *
 * finding: late-free leaf a; call leaf_unref in clear on closer; op leaf_call in use_leaf on user; create leaf_new
 *     in main; drained
 * observed: same
 * recording: handles.leaf.freed=2
 */
#include "caller.h"

static void use_leaf(void *l)
{
	CHECK(leaf_call(l, stand_still_with, NULL) == 1);
}

static void clear(void *l)
{
	CHECK(leaf_clear(l) == 1);
}

int main(void)
{
	struct side user, closer;
	leaf *attached = leaf_new(), *owner = leaf_new();
	tell("a", attached);
	CHECK(leaf_attach(owner, attached, (void (*)(void *))(void (*)(void))leaf_unref) == 1);
	start(&user, "user", use_leaf, attached);
	await_inside();
	start(&closer, "closer", clear, owner);
	meet(&user, &closer);
	leaf_unref(owner);
	check_leaves(2);
	return 0;
}
