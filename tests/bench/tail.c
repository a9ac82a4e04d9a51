/* Ops of one thread on a handle of its own, while another frees handles that two threads have used, one in so many
 * microseconds: what a free does to whoever has nothing to do with it. Both have a processor. */
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "target.h"
#include "works.h"

enum { FREES = 500, PACE_NS = 20000, LONGEST_NS = 1 << 16, PER = 10000 };

static struct beside {
	struct target *targets[FREES];
	pthread_barrier_t begin;
	_Atomic bool over;
	double free_ns;
} beside;

static void *free_all(void *unused)
{
	uint64_t spent = 0;
	(void)unused;
	hg_pin(1);
	for (unsigned i = 0; i < FREES; i++)
		target_op(beside.targets[i]);
	pthread_barrier_wait(&beside.begin);
	uint64_t due = target_now();
	for (unsigned i = 0; i < FREES; i++) {
		while (target_now() < due)
			;
		uint64_t begun = target_now();
		target_free(beside.targets[i]);
		spent += target_now() - begun;
		due += PACE_NS;
	}
	beside.free_ns = (double)spent / FREES;
	beside.over = true;
	return NULL;
}

/* How many ops took so many nanoseconds, the two readings of the clock among them. */
static uint64_t ops[LONGEST_NS];

static uint64_t count_ops(struct target *own)
{
	uint64_t count = 0;
	memset(ops, 0, sizeof ops);
	for (uint64_t now = target_now(); !beside.over; count++) {
		uint64_t begun = now;
		target_op(own);
		now = target_now();
		ops[now - begun < LONGEST_NS ? now - begun : LONGEST_NS - 1]++;
	}
	return count;
}

static double percentile(uint64_t count, unsigned part)
{
	uint64_t rank = count * part / PER, seen = 0;
	for (unsigned ns = 0; ns < LONGEST_NS; ns++)
		if ((seen += ops[ns]) > rank)
			return ns;
	return NAN;
}

double hg_work_tail(unsigned what)
{
	static struct target *own;
	pthread_t thread;
	if (!own)
		own = target_open();
	for (unsigned i = 0; i < FREES; i++)
		beside.targets[i] = target_open();
	beside.over = false;
	pthread_barrier_init(&beside.begin, NULL, 2);
	if (pthread_create(&thread, NULL, free_all, NULL) != 0)
		hg_die("a thread cannot be started");
	pthread_barrier_wait(&beside.begin);
	uint64_t count = count_ops(own);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&beside.begin);
	return what == HG_TAIL_FREE ? beside.free_ns : percentile(count, what);
}
