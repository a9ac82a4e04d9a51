/* Another object of the same library: what it does to a cask is the library's own business too. */
#include <pthread.h>
#include <stdlib.h>

#include "casks.h"

typedef void *routine(void *cask);

static void *calls_end(void *cask)
{
	void *ended = cask_end(cask);
	__asm__ volatile("");
	return ended;
}

static void *jumps_to_end(void *cask)
{
	return cask_end(cask);
}

static routine *const ending[CASKS_HELPS] = {NULL, calls_end, jumps_to_end, (routine *)cask_end};

int hand_close(struct vessel *cask, int how)
{
	pthread_t thread;
	if (!how)
		return cask_free(cask);
	casks_helper_begins(cask);
	if (pthread_create(&thread, NULL, ending[how], cask) != 0)
		abort();
	pthread_detach(thread);
	return CASKS_FREED;
}
