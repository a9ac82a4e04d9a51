/* host [deep|apart [PLUGIN]]: runs the plugin; `deep` lets it find its own libraries first, `apart` loads it and them
 * into a namespace of their own. Then runs PLUGIN as usual. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static int run_plugin(const char *path, const char *how)
{
	int flags = RTLD_NOW | RTLD_LOCAL | (strcmp(how, "deep") == 0 ? RTLD_DEEPBIND : 0);
	void *plugin = strcmp(how, "apart") == 0 ? dlmopen(LM_ID_NEWLM, path, flags) : dlopen(path, flags);
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
	int status = run_plugin(BOX_PLUGIN, argc > 1 ? argv[1] : "");

	if (status != 0 || argc < 3)
		return status;
	return run_plugin(argv[2], "");
}
