/* A second copy of the library comes when calls of the first are on their fast path already. Each caller reaches its
 * own copy, and so does whoever calls through a pointer; the same number is another handle in each. */
#include "check.h"

static const struct plugin *one, *two;

static void call_through_pointers(int a, int b)
{
	SAME(one->which_itself(a), 1);
	SAME(two->which_itself(b), 2);
	SAME(two->call(one->which_itself, a), 1);
	SAME(one->call(two->which_itself, b), 2);
}

int main(void)
{
	one = load(PLUGIN_1, RTLD_LAZY | RTLD_LOCAL);
	int (*before)(int) = one->which_itself, a = one->open();
	for (int i = 0; i < 100; i++)
		SAME(one->which(a), 1);
	two = load(PLUGIN_2, RTLD_LAZY | RTLD_LOCAL);
	int b = two->open();
	SAME(b, a);
	for (int i = 0; i < 100; i++) {
		SAME(two->which(b), 2);
		SAME(one->which(a), 1);
	}
	call_through_pointers(a, b);
	SAME(one->which_itself == before, 1);
	SAME(two->close(b), 2);
	SAME(two->which(b), TURNED_AWAY);
	SAME(one->call(two->which_itself, b), TURNED_AWAY);
	SAME(before(a), 1);
	SAME(one->which(a), 1);
	SAME(two->call(one->close_itself, a), 1);
	SAME(one->which(a), TURNED_AWAY);
	SAME(before(a), TURNED_AWAY);
	SAME(two->which(two->open()), 2);
	return 0;
}
