/* A library that stands before libthing and wraps one of its functions. */
#include <dlfcn.h>

#include "thing.h"

int thing_which(int thing)
{
	int (*next)(int);
	*(void **)&next = dlsym(RTLD_NEXT, "thing_which");
	return next ? next(thing) + 10 : USED_AFTER_CLOSE;
}
