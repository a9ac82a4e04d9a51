/* The library is loaded at run time and its functions are looked up by name, as ctypes and others do. Functions that
 * are not guarded are found as ever, and what is not there is not.
 *
 * finding: repeat-free gate g; call gate_close in main; free gate_close in close_once; create gate_open in main
 * recording: handles.gate.freed=1 calls.gate_touch=1
 */
#include <dlfcn.h>

#include "scenario.h"

static void *library;

static void *find(const char *name)
{
	void *function = dlsym(library, name);
	CHECK(function);
	return function;
}

static void (*closer)(gate *);

static void close_once(gate *g)
{
	closer(g);
}

int main(void)
{
	library = dlopen(GATE, RTLD_NOW | RTLD_LOCAL);
	CHECK(library);
	gate *(*open)(void);
	int (*touch)(gate *), (*frees)(void);
	*(void **)&open = find("gate_open");
	*(void **)&touch = find("gate_touch");
	*(void **)&closer = find("gate_close");
	*(void **)&frees = find("gate_frees");
	CHECK(dlsym(library, "gate_unheard_of") == NULL && dlerror());
	gate *g = open();
	tell("g", g);
	CHECK(touch(g) == 1);
	close_once(g);
	closer(g);
	CHECK(frees() == 1);
	return 0;
}
