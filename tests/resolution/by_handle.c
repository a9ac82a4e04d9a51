/* Functions are looked up by the handles of two copies, by RTLD_DEFAULT and by RTLD_NEXT. */
#include "check.h"

#include <string.h>

static void *symbol(void *handle, const char *name)
{
	void *found = dlsym(handle, name);
	SAME(found != NULL, 1);
	return found;
}

static void is_nowhere(void *handle)
{
	SAME(dlsym(handle, "thing_which") == NULL, 1);
	const char *message = dlerror();
	SAME(message && strstr(message, "undefined symbol: thing_which"), 1);
}

static int call(void *function, int thing)
{
	int (*which)(int);
	*(void **)&which = function;
	return which(thing);
}

static int opened(void *handle)
{
	int (*open)(void);
	*(void **)&open = symbol(handle, "thing_open");
	return open();
}

int main(void)
{
	is_nowhere(RTLD_DEFAULT);
	is_nowhere(RTLD_NEXT);
	is_nowhere(dlopen(NULL, RTLD_LAZY));
	void *one = dlopen(COPY_1, RTLD_NOW | RTLD_LOCAL), *two = dlopen(COPY_2, RTLD_NOW | RTLD_LOCAL);
	is_nowhere(RTLD_DEFAULT);
	int a = opened(one), b = opened(two);
	SAME(call(symbol(one, "thing_which"), a), 1);
	SAME(call(symbol(two, "thing_which"), b), 2);
	SAME(symbol(two, "thing_which") == load(PLUGIN_2, RTLD_NOW)->which_itself, 1);
	SAME(symbol(one, "thing_which") == load(PLUGIN_1, RTLD_NOW)->which_itself, 1);
	SAME(call(symbol(two, "thing_close"), b), 2);
	SAME(call(symbol(two, "thing_which"), b), TURNED_AWAY);
	SAME(call(symbol(one, "thing_which"), a), 1);
	SAME(dlopen(COPY_2, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL) == two, 1);
	SAME(symbol(RTLD_DEFAULT, "thing_which") == symbol(two, "thing_which"), 1);
	SAME(symbol(RTLD_NEXT, "thing_which") == symbol(two, "thing_which"), 1);
	SAME(call(symbol(RTLD_DEFAULT, "thing_which"), b), TURNED_AWAY);
	SAME(dlerror() == NULL, 1);
	return 0;
}
