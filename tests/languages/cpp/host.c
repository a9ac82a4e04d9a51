/* Loads a C++ plugin, itself without C++. Usage: host PLUGIN FUNCTION */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	void *plugin = argc == 3 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
	void (*run)(void) = plugin ? (void (*)(void))dlsym(plugin, argv[2]) : NULL;
	if (!run)
		return 1;
	run();
	puts("done");
	return 0;
}
