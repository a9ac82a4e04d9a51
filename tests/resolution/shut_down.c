/* The library's own threads use a handle by its exported functions while another is inside its destroy, in each of two
 * copies. */
#include "check.h"

int main(void)
{
	void *one = dlopen(COPY_1, RTLD_NOW | RTLD_LOCAL), *two = dlopen(COPY_2, RTLD_NOW | RTLD_LOCAL);
	const struct plugin *plugins[] = {load(PLUGIN_1, RTLD_NOW), load(PLUGIN_2, RTLD_NOW)};
	void *const copies[] = {one, two};
	for (int i = 0; i < 2; i++) {
		int (*shut_down)(int), thing = plugins[i]->open();
		*(void **)&shut_down = dlsym(copies[i], "thing_shut_down");
		SAME(shut_down(thing), i + 1);
		SAME(plugins[i]->which(thing), TURNED_AWAY);
	}
	return 0;
}
