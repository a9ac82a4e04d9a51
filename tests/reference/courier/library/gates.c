#define _GNU_SOURCE
#include "gates.h"

#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

#include "courier.h"
#include "link.h"

static _Atomic int violations, frees, last_freer, awaiting;
static _Atomic bool split_fails;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

/* Without anybody who waits it takes no lock, so that calls do not order each other. Either this sees who waits, or who
 * waits sees the change that was made before. */
void gates_note_change(void)
{
	if (!awaiting)
		return;
	pthread_mutex_lock(&lock);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

void courier_gate_await_inside(const void *handle, int count)
{
	const struct link *link = handle;

	pthread_mutex_lock(&lock);
	awaiting++;
	while (link->inside < count)
		pthread_cond_wait(&changed, &lock);
	awaiting--;
	pthread_mutex_unlock(&lock);
}

void gates_count_violation(void)
{
	violations++;
}

void gates_count_free(void)
{
	frees++;
	last_freer = gettid();
}

int gates_split_fails(void)
{
	return atomic_exchange(&split_fails, false);
}

void courier_gate_fail_split(void)
{
	split_fails = true;
}

int courier_gate_violations(void)
{
	return violations;
}

int courier_gate_frees(void)
{
	return frees;
}

int courier_gate_last_freer(void)
{
	return last_freer;
}
