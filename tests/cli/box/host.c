/* host [deep]: runs the plugin; `deep` lets it find its own libraries first. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	(void)argv;
	void *plugin = dlopen(BOX_PLUGIN, RTLD_NOW | RTLD_LOCAL | (argc > 1 ? RTLD_DEEPBIND : 0));
	int (*run)(void) = NULL;

	if (!plugin) {
		fprintf(stderr, "%s\n", dlerror());
		return 4;
	}
	*(void **)&run = dlsym(plugin, "plugin_run");
	return run ? run() : 5;
}
