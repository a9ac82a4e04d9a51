/* Callers of two versions of a function: each reaches its own, and both know the same handles. */
#include "check.h"

int main(void)
{
	const struct plugin *older = load(PLUGIN_OLDER, RTLD_NOW | RTLD_LOCAL);
	const struct plugin *newer = load(PLUGIN_NEWER, RTLD_NOW | RTLD_LOCAL);
	int a = older->open();
	for (int i = 0; i < 10; i++) {
		SAME(older->which(a), 1);
		SAME(newer->which(a), 2);
	}
#ifdef LINKED
	SAME(thing_which(a), 2);
#endif
	SAME(newer->close(a), 1);
	SAME(newer->which(a), TURNED_AWAY);
	SAME(older->which(a), TURNED_AWAY);
#ifdef LINKED
	SAME(thing_which(a), TURNED_AWAY);
#endif
	return 0;
}
