/* A constructor loads a plugin with a copy of the library before anything of the guards' has run, and main a second
 * one. What the first brought is not there for the second. */
#include "check.h"
#include "loader.h"

int main(void)
{
	const struct plugin *one = front_plugin();
	SAME(one != NULL, 1);
	const struct plugin *two = load(PLUGIN_2, RTLD_LAZY | RTLD_LOCAL);
	int a = one->open(), b = two->open();
	SAME(a, b);
	SAME(one->which(a), 1);
	SAME(two->which(b), 2);
	SAME(two->call(one->which_itself, a), 1);
	SAME(two->close(b), 2);
	SAME(two->which(b), TURNED_AWAY);
	SAME(one->which(a), 1);
	SAME(one->close(a), 1);
	SAME(one->which(a), TURNED_AWAY);
	return 0;
}
