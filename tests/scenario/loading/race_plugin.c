/* A plugin and the library that it needs are loaded for themselves alone (RTLD_LOCAL), as a Python extension module is.
 *
 * finding: late-op gate g; call gate_touch in plugin_run; free gate_close in plugin_run; create gate_open in plugin_run
 * recording: handles.gate.freed=1
 */
#include <dlfcn.h>

#include "scenario.h"

int main(void)
{
	void *plugin = dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL);
	CHECK(plugin);
	void (*run)(void);
	*(void **)&run = dlsym(plugin, "plugin_run");
	CHECK(run);
	run();
	CHECK(dlsym(RTLD_DEFAULT, "gate_uses") == NULL);
	CHECK(dlclose(plugin) == 0);
	return 0;
}
