/* An op where many threads make ops, by the time that a processor works for it: of threads that take turns on few
 * processors, the clock on the wall says little. */
#include <pthread.h>

#include "target.h"
#include "works.h"

enum { MOST_THREADS = 64, ALL_CALLS = 400000, WARM_UP = 2000 };

struct member {
	struct target *target;
	uint64_t calls;
	double ns;
};

static pthread_barrier_t all;

static double processor_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void call(struct target *target, uint64_t calls)
{
	for (uint64_t i = 0; i < calls; i++)
		target_op(target);
}

static void *run_member(void *argument)
{
	struct member *member = argument;
	call(member->target, WARM_UP);
	pthread_barrier_wait(&all);
	double begun = processor_ns();
	call(member->target, member->calls);
	member->ns = processor_ns() - begun;
	pthread_barrier_wait(&all);
	return NULL;
}

static double run(unsigned threads, struct target *const *targets)
{
	struct member members[MOST_THREADS];
	pthread_t ids[MOST_THREADS];
	double ns = 0;
	pthread_barrier_init(&all, NULL, threads);
	for (unsigned i = 0; i < threads; i++) {
		members[i] = (struct member){.target = targets[i], .calls = ALL_CALLS / threads};
		if (pthread_create(&ids[i], NULL, run_member, &members[i]) != 0)
			hg_die("a thread cannot be started");
	}
	for (unsigned i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		ns += members[i].ns / (double)members[i].calls;
	}
	pthread_barrier_destroy(&all);
	return ns / threads;
}

/* Not on one processor, as the worker is. */
static double run_anywhere(unsigned threads, bool shared)
{
	static struct target *targets[MOST_THREADS];
	hg_pin_nowhere();
	for (unsigned i = 0; i < threads; i++)
		if (!targets[i])
			targets[i] = shared && i ? targets[0] : target_open();
	return run(threads, targets);
}

double hg_work_op_crowd(unsigned threads)
{
	return run_anywhere(threads, false);
}

double hg_work_op_shared_crowd(unsigned threads)
{
	return run_anywhere(threads, true);
}
