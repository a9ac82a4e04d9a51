/* Functions are looked up with dlvsym: both versions know the same handles. */
#include "check.h"

static int call(void *function, int thing)
{
	int (*which)(int);
	*(void **)&which = function;
	SAME(function != NULL, 1);
	return which(thing);
}

int main(void)
{
	void *library = dlopen(VERSIONS, RTLD_NOW | RTLD_LOCAL);
	int (*open)(void);
	*(void **)&open = dlsym(library, "thing_open");
	int a = open();
	void *first = dlvsym(library, "thing_which", "THING_1"), *second = dlvsym(library, "thing_which", "THING_2");
	SAME(call(first, a), 1);
	SAME(call(second, a), 2);
	SAME(dlsym(library, "thing_which") == second, 1);
	SAME(dlvsym(library, "thing_which", "THING_3") == NULL && dlerror(), 1);
	SAME(dlvsym(RTLD_DEFAULT, "thing_which", "THING_1") == NULL && dlerror(), 1);
	call(dlsym(library, "thing_close"), a);
	SAME(call(first, a), TURNED_AWAY);
	SAME(call(second, a), TURNED_AWAY);
	dlopen(VERSIONS, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL);
	SAME(dlvsym(RTLD_DEFAULT, "thing_which", "THING_1") == first, 1);
	SAME(dlvsym(RTLD_NEXT, "thing_which", "THING_2") == second, 1);
	return 0;
}
