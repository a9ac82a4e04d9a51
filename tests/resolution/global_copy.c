/* The program is linked with a copy: as without us, that one comes first for a plugin that brings another. */
#include "check.h"

int main(void)
{
	int a = thing_open();
	SAME(thing_which(a), 1);
	const struct plugin *two = load(PLUGIN_2, RTLD_NOW | RTLD_LOCAL);
	SAME(two->which(a), 1);
	SAME(two->close(a), 1);
	SAME(thing_which(a), TURNED_AWAY);
	return 0;
}
