/* A library's constructor, run by dlopen, starts a thread that makes its first guarded call, and waits for it, with the
 * dynamic linker's lock held; a third thread makes its first one meanwhile. Nobody may wait for that lock.
 *
 * recording: handles.gate.created=3 handles.gate.freed=3
 */
#include <dlfcn.h>

#include "scenario.h"

static void use(void *unused)
{
	(void)unused;
	gate *g = gate_open();
	CHECK(gate_touch(g) == 1);
	gate_close(g);
}

static void *use_here(void *unused)
{
	use(unused);
	return NULL;
}

void in_constructor(void);

void in_constructor(void)
{
	struct side side;
	pthread_t other;
	start(&side, "first", use, NULL);
	CHECK(pthread_create(&other, NULL, use_here, NULL) == 0);
	join(&side);
	CHECK(pthread_join(other, NULL) == 0);
	use(NULL);
}

int main(void)
{
	void *loaded = dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL);
	CHECK(loaded);
	CHECK(dlclose(loaded) == 0);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
