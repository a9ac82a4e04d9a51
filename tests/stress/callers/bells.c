/* Bells: whoever waits at one goes on when it is rung, if the ring is not lost. Their memory is never given back. */
#include <sched.h>
#include <stdlib.h>

#include "casks.h"

struct bell {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct cellar *cellar;
	int deaf, waiting;
	bool rung, freed;
};

struct bell *bell_new(struct cellar *cellar, int deaf)
{
	struct bell *bell = calloc(1, sizeof *bell);
	if (!bell)
		abort();
	pthread_mutex_init(&bell->lock, NULL);
	pthread_cond_init(&bell->changed, NULL);
	bell->cellar = cellar;
	bell->deaf = deaf;
	return bell;
}

int bell_wait(struct bell *bell)
{
	pthread_mutex_lock(&bell->lock);
	bell->waiting++;
	pthread_cond_broadcast(&bell->changed);
	while (!bell->rung)
		pthread_cond_wait(&bell->changed, &bell->lock);
	bell->waiting--;
	pthread_mutex_unlock(&bell->lock);
	return 1;
}

static void ring(struct bell *bell)
{
	bell->rung = true;
	pthread_cond_broadcast(&bell->changed);
}

enum { YIELDS = 100 };

void bell_ring(struct bell *bell)
{
	pthread_mutex_lock(&bell->lock);
	bell->cellar->harmed += bell->freed;
	if (bell->deaf > 0)
		bell->deaf--;
	else
		ring(bell);
	pthread_mutex_unlock(&bell->lock);
	/* Long enough for a free that does not wait for this call to come in between. */
	for (int i = 0; i < YIELDS; i++)
		sched_yield();
	pthread_mutex_lock(&bell->lock);
	bell->cellar->harmed += bell->freed;
	pthread_mutex_unlock(&bell->lock);
}

int bell_free(struct bell *bell)
{
	pthread_mutex_lock(&bell->lock);
	bell->freed = true;
	bell->cellar->bells++;
	pthread_mutex_unlock(&bell->lock);
	return CASKS_FREED;
}

void bell_await(struct bell *bell)
{
	pthread_mutex_lock(&bell->lock);
	while (!bell->waiting)
		pthread_cond_wait(&bell->changed, &bell->lock);
	pthread_mutex_unlock(&bell->lock);
}

void bell_let_go(struct bell *bell)
{
	pthread_mutex_lock(&bell->lock);
	ring(bell);
	pthread_mutex_unlock(&bell->lock);
}
