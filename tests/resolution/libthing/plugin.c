/* Loaded at run time for itself alone, with the copy of libthing that it needs. */
#include "plugin.h"

#include <pthread.h>
#include <stdlib.h>

#include "thing.h"

static int call_open(void)
{
	return thing_open();
}

static int call_which(int thing)
{
	return thing_which(thing);
}

static int call_close(int thing)
{
	return thing_close(thing);
}

static int call(int (*function)(int), int thing)
{
	return function(thing) + 0;
}

extern struct plugin plugin;
struct plugin plugin = {call_open, call_which, call_close, thing_which, thing_close, call, 0};

#ifdef CONSTRUCTOR
static void *use(void *copy)
{
	plugin.opened_at_start = thing_open();
	if (thing_which(plugin.opened_at_start) != *(const int *)copy)
		abort();
	return NULL;
}

/* The first ends in a jump: the dynamic linker seems to call the library. */
__attribute__((constructor(200))) static void open_one(void)
{
	thing_open();
}

__attribute__((constructor(201))) static void open_another_and_wait(void)
{
	static int copy = 2;
	pthread_t thread;
	if (pthread_create(&thread, NULL, use, &copy) || pthread_join(thread, NULL) ||
	    thing_which(plugin.opened_at_start) != copy)
		abort();
}
#endif
