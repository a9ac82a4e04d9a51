/* The constructors of a plugin with a second copy use it, on threads too, while the plugin is being loaded. */
#include "check.h"

int main(void)
{
	const struct plugin *one = load(PLUGIN_1, RTLD_NOW | RTLD_LOCAL);
	int a = one->open();
	SAME(one->which(a), 1);
	const struct plugin *two = load(PLUGIN_CONSTRUCTOR, RTLD_NOW | RTLD_LOCAL);
	SAME(two->opened_at_start, 2);
	SAME(one->open(), 2);
	SAME(two->open(), 3);
	SAME(two->close(two->opened_at_start), 2);
	SAME(two->which(two->opened_at_start), TURNED_AWAY);
	SAME(one->which(a), 1);
	return 0;
}
