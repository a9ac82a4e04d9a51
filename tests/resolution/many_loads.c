/* Threads load, use and close plugins of both copies at the same time, with constructors that use them too. */
#include <pthread.h>

#include "check.h"

static const struct load {
	const char *path;
	int flags, copy;
} loads[] = {{PLUGIN_1, RTLD_LAZY, 1},
             {PLUGIN_2, RTLD_LAZY, 2},
             {PLUGIN_CONSTRUCTOR, RTLD_LAZY, 2},
             {PLUGIN_2_NOW, RTLD_NOW | RTLD_DEEPBIND, 2}};

static void *load_and_use(void *argument)
{
	const struct load *what = argument;
	for (int i = 0; i < 100; i++) {
		void *handle = dlopen(what->path, what->flags | RTLD_LOCAL);
		const struct plugin *plugin = dlsym(handle, "plugin");
		int thing = plugin->open();
		SAME(plugin->which(thing), what->copy);
		SAME(plugin->which_itself(thing), what->copy);
		SAME(plugin->close(thing), what->copy);
		SAME(plugin->which(thing), TURNED_AWAY);
		SAME(dlclose(handle), 0);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[sizeof loads / sizeof *loads];
	for (unsigned i = 0; i < sizeof loads / sizeof *loads; i++)
		pthread_create(&threads[i], NULL, load_and_use, (void *)&loads[i]);
	for (unsigned i = 0; i < sizeof loads / sizeof *loads; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
