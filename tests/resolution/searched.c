/* Plugins that the dynamic linker finds by the search path of who loads them: by the program's DT_RUNPATH or DT_RPATH.
 */
#include "check.h"

int main(void)
{
	const struct plugin *one = load("resolution_plugin_1.so", RTLD_LAZY | RTLD_LOCAL);
	int (*which)(int) = one->which, a = one->open();
	SAME(which(a), 1);
	const struct plugin *two = load("$ORIGIN/resolution_plugin_constructor.so", RTLD_LAZY | RTLD_LOCAL);
	int b = two->opened_at_start;
	SAME(two->which(b), 2);
	SAME(two->which_itself(b), 2);
	SAME(one->which_itself(a), 1);
	SAME(two->close(b), 2);
	SAME(two->which(b), TURNED_AWAY);
	SAME(which(a), 1);
	return 0;
}
