/* Calls as programs make them: directly, through pointers taken before and after the first call, behind a test whether
 * a weak function is there, by RTLD_DEFAULT and RTLD_NEXT, by a pointer that the library hands out. Built with lazy
 * binding, with -z now, with -fno-plt. */
#include "check.h"

extern __typeof__(thing_open) thing_open __attribute__((weak));
int thing_unheard_of(void) __attribute__((weak));

static int (*const before)(int) = thing_which;

int main(void)
{
	if (!thing_open || thing_unheard_of)
		return 1;
	int a = thing_open();
	SAME(thing_which(a), 1);
	int (*after)(int) = thing_which, (*by_default)(int), (*by_next)(int), (*by_handle)(int);
	*(void **)&by_default = dlsym(RTLD_DEFAULT, "thing_which");
	*(void **)&by_next = dlsym(RTLD_NEXT, "thing_which");
	*(void **)&by_handle = dlsym(dlopen(NULL, RTLD_LAZY), "thing_which");
	int (*const ways[])(int) = {before, after, by_default, by_next, by_handle, thing_which};
	for (unsigned i = 0; i < sizeof ways / sizeof *ways; i++) {
		SAME(ways[i](a), 1);
		SAME(ways[i] == thing_which, 1);
	}
	SAME(thing_close(a), 1);
	for (unsigned i = 0; i < sizeof ways / sizeof *ways; i++)
		SAME(ways[i](a), TURNED_AWAY);
#ifndef SYMBOLIC
	SAME(thing_functions()->which(a), TURNED_AWAY);
#endif
	/* What the library binds within itself is its own: docs/limits.md says that it is not seen. */
	SAME(thing_functions()->which_inside(a), USED_AFTER_CLOSE);
	SAME(thing_own_calls(), 1);
	SAME(thing_shut_down(thing_open()), 1);
	return 0;
}
