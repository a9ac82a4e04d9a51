#define _GNU_SOURCE
#include "box.h"

#include <stdlib.h>
#include <unistd.h>

#include "gate.h"

enum { ALIVE = 0x600d600d, POISON = 0x0badbad0 };

static _Atomic int violations, frees, uses, last_freer;
static _Atomic bool recycling;
static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct box *freed;

static struct box *take_freed(void)
{
	pthread_mutex_lock(&list_lock);
	struct box *box = freed;
	if (box)
		freed = box->next;
	pthread_mutex_unlock(&list_lock);
	return box;
}

static struct box *prepare(struct box *box)
{
	if (!box)
		abort();
	pthread_mutex_init(&box->lock, NULL);
	pthread_cond_init(&box->changed, NULL);
	box->parked = 0;
	box->open = getenv("GATES_OPEN") != NULL;
	box->busy = false;
	atomic_store(&box->canary, ALIVE);
	return box;
}

struct box *box_new(void)
{
	struct box *box = recycling ? take_freed() : NULL;
	return prepare(box ? box : calloc(1, sizeof *box));
}

struct box *box_new_of(size_t size)
{
	return prepare(calloc(1, size));
}

void box_complain(void)
{
	violations++;
}

static void check(const struct box *box)
{
	if (atomic_load(&box->canary) != ALIVE)
		violations++;
}

void box_free(struct box *box)
{
	check(box);
	if (atomic_load(&box->inside) != 0)
		violations++;
	atomic_store(&box->canary, POISON);
	frees++;
	last_freer = gettid();
	if (!recycling)
		return;
	pthread_mutex_lock(&list_lock);
	box->next = freed;
	freed = box;
	pthread_mutex_unlock(&list_lock);
}

void box_enter(struct box *box)
{
	uses++;
	box->inside++;
	check(box);
}

void box_leave(struct box *box)
{
	check(box);
	box->inside--;
}

void box_park(struct box *box)
{
	pthread_mutex_lock(&box->lock);
	box->parked++;
	pthread_cond_broadcast(&box->changed);
	while (!box->open)
		pthread_cond_wait(&box->changed, &box->lock);
	box->parked--;
	pthread_mutex_unlock(&box->lock);
}

void box_await_parked(struct box *box, int count)
{
	pthread_mutex_lock(&box->lock);
	while (!box->open && box->parked < count)
		pthread_cond_wait(&box->changed, &box->lock);
	pthread_mutex_unlock(&box->lock);
}

void box_let_go(struct box *box)
{
	pthread_mutex_lock(&box->lock);
	box->open = true;
	pthread_cond_broadcast(&box->changed);
	pthread_mutex_unlock(&box->lock);
}

void gate_recycle(bool on)
{
	recycling = on;
}

int gate_violations(void)
{
	return violations;
}

int gate_frees(void)
{
	return frees;
}

int gate_uses(void)
{
	return uses;
}

int gate_last_freer(void)
{
	return last_freer;
}
