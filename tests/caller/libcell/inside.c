/* The library calls its own exported functions: through the procedure linkage table or whatever takes its place,
 * through a table of pointers to them, from threads of its own, with calls and with jumps. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>

#include "cells.h"

/* Filled in by the dynamic linker: the volatile keeps the compiler from seeing through it. */
static const struct cell_functions own = {cell_touch, cell_call, cell_free};
static const struct cell_functions *volatile by_table = &own;

/* The same, two pointers away. */
static struct holder {
	const struct cell_functions *functions;
} held = {&own};
static struct holder *volatile holder = &held;

static const struct cell_functions handed_out = {cell_touch, cell_call, cell_free};

const struct cell_functions *cell_functions(void)
{
	return &handed_out;
}

/* --- a thread that uses the cell until its end --- */

enum { ROUNDS = 20 };

struct worker {
	cell *of;
	int (*touch)(cell *);
	sem_t asked, answered;
	bool stop;
};

static void *work(void *argument)
{
	struct worker *worker = argument;
	for (;;) {
		sem_wait(&worker->asked);
		if (worker->stop)
			return NULL;
		worker->touch(worker->of);
		sem_post(&worker->answered);
	}
}

static void work_on(cell *c, int (*touch)(cell *))
{
	pthread_t thread;
	struct worker worker = {.of = c, .touch = touch};
	sem_init(&worker.asked, 0, 0);
	sem_init(&worker.answered, 0, 0);
	if (pthread_create(&thread, NULL, work, &worker))
		abort();
	for (int i = 0; i < ROUNDS; i++) {
		sem_post(&worker.asked);
		sem_wait(&worker.answered);
	}
	worker.stop = true;
	sem_post(&worker.asked);
	pthread_join(thread, NULL);
}

static int touch_by_call(cell *c)
{
	return cell_touch(c) + 1;
}

int cell_raze(cell *c)
{
	cell_touch(c);
	work_on(c, touch_by_call);
	return cell_free(c);
}

static int touch_by_table(cell *c)
{
	return by_table->touch(c);
}

static int touch_by_holder(cell *c)
{
	return holder->functions->touch(c) + 1;
}

#ifdef __OPTIMIZE__
/* The function is found before another one is called, and called after it. Not where it would stand on the stack
 * meanwhile: there nobody follows it. */
static int touch_by_holder_later(cell *c)
{
	int (*touch)(cell *) = holder->functions->touch;
	sched_yield();
	return touch(c) + 1;
}
#else
#define touch_by_holder_later touch_by_holder
#endif

int cell_raze_by_table(cell *c)
{
	by_table->touch(c);
	work_on(c, touch_by_table);
	work_on(c, touch_by_holder);
	work_on(c, touch_by_holder_later);
	return by_table->free(c);
}

/* --- a table of the program's --- */

static const struct cell_functions *volatile given;

void cell_give(const struct cell_functions *functions)
{
	given = functions;
}

int cell_free_by_given(cell *c)
{
	return given->free(c) ? -1 : 0;
}

/* --- frees that are handed over --- */

static pthread_t closer;

static int hand_over(void *(*run)(void *), cell *c)
{
	if (pthread_create(&closer, NULL, run, c))
		abort();
	return 0;
}

void cell_await_closed(void)
{
	pthread_join(closer, NULL);
}

static void *call_free(void *c)
{
	return cell_free(c) ? c : NULL;
}

int cell_close(cell *c)
{
	return hand_over(call_free, c);
}

int cell_expire(cell *c)
{
	return hand_over(call_free, c);
}

static struct {
	cell_callback callback;
	void *data;
} later;

static void *call_back(void *c)
{
	return later.callback(c, later.data) ? c : NULL;
}

int cell_call_later(cell *c, cell_callback callback, void *data)
{
	later.callback = callback;
	later.data = data;
	return hand_over(call_back, c);
}

/* What follows looks, to who only sees the calls, as if the C library's thread had made them. */
typedef void *(*start_routine)(void *);

static int jump_to_free(cell *c)
{
	return cell_free(c);
}

int cell_close_by_jump(cell *c)
{
	return hand_over((start_routine)(void (*)(void))jump_to_free, c);
}

int cell_close_by_start(cell *c)
{
	return hand_over((start_routine)(void (*)(void))cell_free, c);
}

static void *free_by_table(void *c)
{
	return by_table->free(c) ? c : NULL;
}

int cell_close_by_table(cell *c)
{
	return hand_over(free_by_table, c);
}
