/* A second object of the same manifest, whose thread frees the first one's handles. */
#include <pthread.h>
#include <stdlib.h>

#include "cell.h"

static pthread_t closer;

static void *call_free(void *c)
{
	return cell_free(c) ? c : NULL;
}

int coat_close(cell *c)
{
	if (pthread_create(&closer, NULL, call_free, c))
		abort();
	return 0;
}

void coat_await_closed(void)
{
	pthread_join(closer, NULL);
}
