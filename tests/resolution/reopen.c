/* A plugin and its library are loaded, used and closed again and again, and a second copy that nobody uses comes and
 * goes: bindings never lead to where nothing is. */
#include "check.h"

int main(void)
{
	for (int i = 0; i < 50; i++) {
		void *handle = dlopen(PLUGIN_1, RTLD_LAZY | RTLD_LOCAL);
		const struct plugin *one = dlsym(handle, "plugin");
		int thing = one->open();
		SAME(one->which(thing), 1);
		SAME(one->close(thing), 1);
		SAME(one->which(thing), TURNED_AWAY);
		SAME(dlclose(dlopen(COPY_2, RTLD_LAZY | RTLD_LOCAL)), 0);
		thing = one->open();
		SAME(one->which(thing), 1);
		SAME(one->which_itself(thing), 1);
		SAME(dlclose(handle), 0);
	}
	return 0;
}
