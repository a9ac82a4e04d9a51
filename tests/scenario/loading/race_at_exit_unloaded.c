/* A library that was loaded by dlopen registers its handler at exit, and is given up by dlclose. It was called, so it
 * stays: its handler is run as the process ends, and what comes after that is late.
 *
 * finding: late-op wisp w; call gate_wisp_touch in touch_late<main; free exit_handler in main; create gate_wisp_open in main
 * recording: handles.wisp.created=1 handles.wisp.freed=1 calls.exit_handler=1
 */
#include <dlfcn.h>

#include "scenario.h"

static int (*touch)(gate *wisp);
static gate *wisp;

static void touch_late(void)
{
	CHECK(touch(wisp) == -EPIPE);
}

int main(void)
{
	void *library = dlopen(GATE, RTLD_NOW | RTLD_LOCAL);
	CHECK(library && atexit(touch_late) == 0);
	gate *(*open_wisp)(void);
	*(void **)&open_wisp = dlsym(library, "gate_wisp_open");
	*(void **)&touch = dlsym(library, "gate_wisp_touch");
	wisp = open_wisp();
	tell("w", wisp);
	CHECK(touch(wisp) == 1 && dlclose(library) == 0 && touch(wisp) == 1);
	exit(0);
}
