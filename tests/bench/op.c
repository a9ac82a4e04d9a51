/* One op: alone, two threads with a handle each, two threads with one handle. */
#include <pthread.h>
#include <sys/resource.h>

#include "target.h"
#include "works.h"

enum { CALIBRATION = 20000, ROUND_NS = 2000000, WARM_UP = 2000, SLOW_WARM_UP = 50, TRIES = 10 };

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
	bool interrupted;
};

static long interruptions(void)
{
	struct rusage usage;
	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw;
}

static void *run_side(void *argument)
{
	struct side *side = argument;
	hg_pin(side->index);
	time_calls(side->target, WARM_UP);
	long before = interruptions();
	atomic_fetch_add(side->ready, 1);
	while (*side->ready != 2)
		;
	side->ns = time_calls(side->target, side->calls);
	side->interrupted = interruptions() != before;
	return NULL;
}

static bool both_sides(struct side *here, struct side *there)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, run_side, there) != 0)
		hg_die("a thread cannot be started");
	run_side(here);
	pthread_join(thread, NULL);
	return !here->interrupted && !there->interrupted;
}

/* A round counts only if neither thread had to make room for other programs: then both ran at the same time. */
static double two_threads(struct target *mine, struct target *other, uint64_t calls)
{
	for (unsigned tries = 1;; tries++) {
		_Atomic unsigned ready = 0;
		struct side here = {.index = 0, .target = mine, .calls = calls, .ready = &ready};
		struct side there = {.index = 1, .target = other, .calls = calls, .ready = &ready};
		if (both_sides(&here, &there) || tries == TRIES)
			return (here.ns + there.ns) / 2;
	}
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

double hg_work_late(unsigned unused)
{
	static struct target *freed;
	(void)unused;
	if (!freed) {
		freed = target_open();
		target_free(freed);
		time_calls(freed, WARM_UP);
	}
	return time_calls(freed, CALIBRATION);
}

/* Few calls first: to some a call is a matter of a millisecond. */
static uint64_t calls_of_a_round(enum hg_op_threads threads)
{
	double ns = run(threads, SLOW_WARM_UP);
	if (ns * CALIBRATION < 10 * ROUND_NS) {
		run(threads, CALIBRATION);
		ns = run(threads, CALIBRATION);
	}
	return (uint64_t)(ROUND_NS / ns) + 1;
}

double hg_work_op(unsigned threads)
{
	static uint64_t calls;
	if (!calls)
		calls = calls_of_a_round(threads);
	return run(threads, calls);
}
