/* A library that loads a plugin while the process starts: its constructor runs before those of preload objects. */
#include <dlfcn.h>
#include <stddef.h>

#include "loader.h"

static const struct plugin *loaded;

__attribute__((constructor)) static void load_plugin(void)
{
	void *handle = dlopen(PLUGIN_1, RTLD_LAZY | RTLD_LOCAL);
	loaded = handle ? dlsym(handle, "plugin") : NULL;
}

const struct plugin *loader_plugin(void)
{
	return loaded;
}
