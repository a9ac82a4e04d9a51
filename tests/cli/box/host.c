/* host [deep [PLUGIN]]: runs the plugin; `deep` lets it find its own libraries first. Then runs PLUGIN as usual. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

static int run_plugin(const char *path, int flags)
{
	void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL | flags);
	int (*run)(void) = NULL;

	if (!plugin) {
		fprintf(stderr, "%s\n", dlerror());
		return 4;
	}
	*(void **)&run = dlsym(plugin, "plugin_run");
	return run ? run() : 5;
}

int main(int argc, char **argv)
{
	int status = run_plugin(BOX_PLUGIN, argc > 1 ? RTLD_DEEPBIND : 0);

	if (status != 0 || argc < 3)
		return status;
	return run_plugin(argv[2], 0);
}
