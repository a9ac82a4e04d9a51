/* A plugin brings the guarded library with it, and its constructor waits for a thread that makes the process's first
 * guarded call: the dynamic linker's lock is held all the while. Again after the plugin was closed: the library has
 * stayed.
 *
 * recording: handles.gate.created=2 handles.gate.freed=2
 */
#include <dlfcn.h>

#include "scenario.h"

int main(void)
{
	for (int i = 0; i < 2; i++) {
		void *loaded = dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL);
		CHECK(loaded);
		CHECK(dlclose(loaded) == 0);
	}
	return 0;
}
