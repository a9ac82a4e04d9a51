#include "pump.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct pump {
	pthread_t thread;
	atomic_int running;
	atomic_int pushed;
};

static void *work(void *argument)
{
	pump *p = argument;
	while (atomic_load(&p->running))
		pump_push(p);
	return NULL;
}

void pump_start(pump *p)
{
	atomic_store(&p->running, 1);
	pthread_create(&p->thread, NULL, work, p);
	while (atomic_load(&p->pushed) < 10)
		continue;
}

pump *pump_open(void)
{
	return calloc(1, sizeof(pump));
}

void pump_close(pump *p)
{
	pump_flush(p);
	if (atomic_exchange(&p->running, 0))
		pthread_join(p->thread, NULL);
	free(p);
}

int pump_note(pump *p)
{
	return atomic_fetch_add(&p->pushed, 1);
}
