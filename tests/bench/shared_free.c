/* The free of a handle that two threads have used: it pays for what ops do not. Beside a thread that sleeps, beside one
 * that is busy with ops of its own, and beside a thousand that are in flight. */
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#include "target.h"
#include "works.h"

enum { BATCH = 64, STACK_BYTES = 64 << 10 };

struct second {
	struct target *targets[BATCH], *own;
	bool busy;
	_Atomic bool touched, over;
	sem_t sleep;
};

static void touch(struct target *const *targets)
{
	for (unsigned i = 0; i < BATCH; i++)
		target_op(targets[i]);
}

static void *second_thread(void *argument)
{
	struct second *second = argument;
	hg_pin(1);
	touch(second->targets);
	second->touched = true;
	while (second->busy && !second->over)
		target_op(second->own);
	sem_wait(&second->sleep);
	return NULL;
}

static double time_frees(struct target *const *targets)
{
	uint64_t begun = target_now();
	for (unsigned i = 0; i < BATCH; i++)
		target_free(targets[i]);
	return (double)(target_now() - begun) / BATCH;
}

static struct second *new_second(bool busy)
{
	struct second *second = calloc(1, sizeof *second);
	if (!second)
		hg_die("out of memory");
	second->busy = busy;
	second->own = target_open();
	for (unsigned i = 0; i < BATCH; i++)
		second->targets[i] = target_open();
	sem_init(&second->sleep, 0, 0);
	return second;
}

double hg_work_shared_free(unsigned busy)
{
	struct second *second = new_second(busy);
	pthread_t thread;
	if (pthread_create(&thread, NULL, second_thread, second) != 0)
		hg_die("a thread cannot be started");
	while (!second->touched)
		;
	double ns = time_frees(second->targets);
	second->over = true;
	sem_post(&second->sleep);
	pthread_join(thread, NULL);
	target_free(second->own);
	free(second);
	return ns;
}

static void *in_crowd(void *target)
{
	return (void *)(uintptr_t)target_wait(target);
}

/* The threads of the first round stay for all of them. */
static void gather(unsigned threads)
{
	pthread_attr_t small;
	pthread_t thread;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK_BYTES);
	pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
	for (unsigned i = 0; i < threads; i++)
		if (pthread_create(&thread, &small, in_crowd, target_open()) != 0)
			hg_die("a thread cannot be started");
	while (target_waiting() < threads)
		;
}

double hg_work_crowd(unsigned threads)
{
	if (!target_waiting())
		gather(threads);
	double ns = hg_work_shared_free(false);
	return target_waiting() == threads ? ns : NAN;
}
