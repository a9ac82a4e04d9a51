/* One op: alone, two threads with a handle each, two threads with one handle. */
#include <pthread.h>

#include "harness.h"
#include "target.h"

enum { CALIBRATION = 20000, ROUND_NS = 2000000, WARM_UP = 2000 };

typedef uint64_t operation(struct target *target);

/* Inlined with the function's name known, so that it is called through the PLT as programs do. */
static inline __attribute__((always_inline)) void call(operation *op, struct target *target, uint64_t calls)
{
	for (uint64_t i = 0; i < calls; i++)
		op(target);
}

static __attribute__((noinline)) double time_calls(struct target *target, uint64_t calls)
{
	uint64_t begun = target_now();
	if (hg_with_words)
		call(target_op_words, target, calls);
	else
		call(target_op, target, calls);
	return (double)(target_now() - begun) / (double)calls;
}

struct side {
	unsigned index;
	struct target *target;
	uint64_t calls;
	_Atomic unsigned *ready;
	double ns;
};

static void *run_side(void *argument)
{
	struct side *side = argument;
	hg_pin(side->index);
	time_calls(side->target, WARM_UP);
	atomic_fetch_add(side->ready, 1);
	while (*side->ready != 2)
		;
	side->ns = time_calls(side->target, side->calls);
	return NULL;
}

static double two_threads(struct target *mine, struct target *other, uint64_t calls)
{
	_Atomic unsigned ready = 0;
	struct side here = {0, mine, calls, &ready, 0}, there = {1, other, calls, &ready, 0};
	pthread_t thread;
	if (pthread_create(&thread, NULL, run_side, &there) != 0)
		hg_die("a thread cannot be started");
	run_side(&here);
	pthread_join(thread, NULL);
	return (here.ns + there.ns) / 2;
}

static double run(enum hg_op_threads threads, uint64_t calls)
{
	static struct target *targets[2];
	for (unsigned i = 0; i < 2; i++)
		if (!targets[i])
			targets[i] = target_open();
	if (threads == HG_ONE_THREAD)
		return time_calls(targets[0], calls);
	return two_threads(targets[0], targets[threads == HG_OWN_HANDLES], calls);
}

double hg_work_op(unsigned threads)
{
	static uint64_t calls;
	if (!calls) {
		run(threads, CALIBRATION);
		calls = (uint64_t)(ROUND_NS / run(threads, CALIBRATION)) + 1;
	}
	return run(threads, calls);
}
