/* What the scenarios of this folder share. */
#ifndef WAKING_H
#define WAKING_H

#include <sched.h>

#include "scenario.h"
#include "wakers.h"

static inline void wait_at_pier(void *pier)
{
	CHECK(gate_pier_wait(pier) == 1);
}

static inline void close_pier(void *pier)
{
	gate_pier_close(pier);
}

/* Till the runtime's thread has ended with the free that it was for. */
static inline void await_no_waker(void)
{
	while (wakers() > 0)
		sched_yield();
}

#endif
