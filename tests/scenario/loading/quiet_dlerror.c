/* What the dynamic linker has to say to the program is not lost by what the runtime asks it: the message of a look-up
 * that failed outlives a first guarded call, also on a thread of its own, and a look-up of a guarded function that
 * fails has its message.
 *
 * recording: handles.gate.created=2 handles.gate.freed=2
 */
#define _GNU_SOURCE
#include <dlfcn.h>

#include "scenario.h"

static void *nothing_there(void)
{
	return dlsym(RTLD_DEFAULT, "gate_that_is_not_there");
}

static void check_message(const char *name)
{
	const char *message = dlerror();
	CHECK(message && strstr(message, name));
}

static void use(void *g)
{
	CHECK(!nothing_there());
	CHECK(gate_touch(g) == 1);
	gate_close(gate_open());
	check_message("gate_that_is_not_there");
}

int main(void)
{
	struct side side;
	CHECK(!nothing_there());
	gate *g = gate_open();
	CHECK(gate_touch(g) == 1);
	check_message("gate_that_is_not_there");
	start(&side, "user", use, g);
	join(&side);
	void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
	CHECK(libc && !dlsym(libc, "gate_touch"));
	check_message("gate_touch");
	CHECK(!dlvsym(libc, "gate_touch", "GATE_1"));
	check_message("gate_touch");
	dlclose(libc);
	gate_close(g);
	return 0;
}
