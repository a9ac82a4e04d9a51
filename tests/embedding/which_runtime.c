/* Ops beside the runtime that is there: entered in place beside this version's, calls beside another one's. */
#include <dlfcn.h>
#include <stdio.h>

#include "handleguard.h"

enum { OPS = 5 };

static handleguard_class streams = {.name = "stream"};

/* How many of them were entered in place. */
static unsigned use(handleguard *guard)
{
	unsigned in_place = 0;
	for (int i = 0; i < OPS; i++) {
		handleguard_op op;
		if (!HANDLEGUARD_ENTER(guard, &op))
			return 0;
		in_place += (uintptr_t)op.frame & 1;
		handleguard_leave(&op);
	}
	return in_place;
}

int main(void)
{
	unsigned (*calls)(void) = NULL;
	*(void **)&calls = dlsym(RTLD_DEFAULT, "other_runtime_calls");
	unsigned in_place = use(HANDLEGUARD_CREATE(&streams, 0x5000)),
	         known = dlsym(RTLD_DEFAULT, "handleguard_thread_1") != NULL;
	printf("%u in place, %u calls of another runtime, %s\n", in_place, calls ? calls() : 0,
	       known ? "this one is there" : "this one is not there");
	return 0;
}
