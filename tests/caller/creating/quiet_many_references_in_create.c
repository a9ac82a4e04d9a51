/* A create takes references to more handles than are remembered of one at a time. They count all the same; only if it
 * returned one of those handles would it be counted once more.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.leaf.created=10 handles.leaf.freed=10 counters.taken-full=1
 */
#include "caller.h"

enum { REMEMBERED = 8, MANY = REMEMBERED + 1 };

int main(void)
{
	leaf *others[MANY];
	for (int i = 0; i < MANY; i++)
		others[i] = leaf_new();
	leaf *bound = leaf_bind(others, MANY);
	for (int i = 0; i < MANY; i++) {
		leaf_unref(others[i]);
		CHECK(leaf_touch(others[i]) == 1);
		leaf_unref(others[i]);
	}
	leaf_unref(bound);
	check_quiet(MANY + 1);
	return 0;
}
