/* A plugin that finds its own libraries before the program's (RTLD_DEEPBIND): so it does, and its calls are guarded. */
#include "check.h"

int main(void)
{
	const struct plugin *two = load(PLUGIN_2, RTLD_LAZY | RTLD_LOCAL | RTLD_DEEPBIND);
	int b = two->open();
	SAME(two->which(b), 2);
	SAME(two->which_itself(b), 2);
#ifdef LINKED
	int a = thing_open();
	SAME(a, b);
	SAME(thing_which(a), 1);
#endif
	SAME(two->close(b), 2);
	SAME(two->which(b), TURNED_AWAY);
	SAME(two->which_itself(b), TURNED_AWAY);
#ifdef LINKED
	SAME(thing_which(a), 1);
	SAME(thing_close(a), 1);
	SAME(thing_which(a), TURNED_AWAY);
#endif
	return 0;
}
