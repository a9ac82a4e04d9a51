/* What the programs of this folder share: every step is checked, and the quiet ones say how much they did. */
#ifndef HG_TEST_QUIET_H
#define HG_TEST_QUIET_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends the program with status 1 if a step went wrong. Never an assert: the steps must run in every build type. */
#define MUST(condition)                                                                                                \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			fprintf(stderr, "%s:%d: this does not hold: %s\n", __FILE__, __LINE__, #condition);            \
			exit(1);                                                                                       \
		}                                                                                                      \
	} while (0)

extern atomic_ulong handles; /* created so far, each of them to be freed; in programs that count */

static inline void count_handle(void)
{
	atomic_fetch_add_explicit(&handles, 1, memory_order_relaxed);
}

static inline pthread_t start(void *(*run)(void *), void *argument)
{
	pthread_t thread;
	MUST(pthread_create(&thread, NULL, run, argument) == 0);
	return thread;
}

static inline void join(pthread_t thread)
{
	MUST(pthread_join(thread, NULL) == 0);
}

/* A place to hand one pointer from one thread to another; giving waits until it is empty, taking until it is full. */
struct hand_over {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	void *item;
	int ended;
};

#define HAND_OVER_INIT                                                                                                 \
	{                                                                                                              \
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, 0                                           \
	}

static inline void give(struct hand_over *place, void *item)
{
	pthread_mutex_lock(&place->lock);
	while (place->item)
		pthread_cond_wait(&place->changed, &place->lock);
	place->item = item;
	pthread_cond_broadcast(&place->changed);
	pthread_mutex_unlock(&place->lock);
}

static inline void end_giving(struct hand_over *place)
{
	pthread_mutex_lock(&place->lock);
	place->ended = 1;
	pthread_cond_broadcast(&place->changed);
	pthread_mutex_unlock(&place->lock);
}

/* NULL when nothing more will come. */
static inline void *take(struct hand_over *place)
{
	pthread_mutex_lock(&place->lock);
	while (!place->item && !place->ended)
		pthread_cond_wait(&place->changed, &place->lock);
	void *item = place->item;
	place->item = NULL;
	pthread_cond_broadcast(&place->changed);
	pthread_mutex_unlock(&place->lock);
	return item;
}

#endif
