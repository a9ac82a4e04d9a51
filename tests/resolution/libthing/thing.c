#include "thing.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MOST = 4096 };

static _Atomic int count;
static _Atomic int alive[MOST];

int thing_open(void)
{
	int thing = atomic_fetch_add(&count, 1) + 1;
	alive[thing % MOST] = 1;
	return thing;
}

static int which(int thing)
{
	return alive[thing % MOST] ? COPY : USED_AFTER_CLOSE;
}

#ifdef INDIRECT
/* Used by its name in a text only. */
__attribute__((unused)) static int (*choose_which(void))(int)
{
	return which;
}

int thing_which(int thing) __attribute__((ifunc("choose_which")));
#else
int thing_which(int thing)
{
	return which(thing);
}
#endif

int thing_close(int thing)
{
	return atomic_exchange(&alive[thing % MOST], 0) ? COPY : USED_AFTER_CLOSE;
}

int thing_own_calls(void)
{
	return thing_which(thing_open());
}

static void *work(void *thing)
{
	int uses = 0, result;
	do
		result = thing_which(*(int *)thing) + 0;
	while (result == COPY && ++uses < 1000);
	*(int *)thing = result;
	return NULL;
}

int thing_shut_down(int thing)
{
	int seen = thing;
	pthread_t worker;
	if (pthread_create(&worker, NULL, work, &seen))
		return USED_AFTER_CLOSE;
	pthread_join(worker, NULL);
	int closed = thing_close(thing) + 0;
	/* The library may look at what it has closed. */
	return seen == COPY && thing_which(thing) == USED_AFTER_CLOSE ? closed : TURNED_AWAY;
}

const struct thing_table *thing_functions(void)
{
	static const struct thing_table table = {thing_which, which};
	return &table;
}
