/* Ops of one thread on a handle of its own, while another frees handles that two threads have used, one in so many
 * microseconds: what a free does to whoever has nothing to do with it. Both have a processor; the handles' creator
 * sleeps. */
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "target.h"
#include "works.h"

enum { FREES = 500, PACE_NS = 20000, LONGEST_NS = 1 << 16, PER = 10000, FEWEST_OPS = 1000 };

static struct beside {
	struct target *targets[FREES];
	pthread_barrier_t opened, met, freed;
	_Atomic bool over;
	double free_ns;
} beside;

static void *open_all(void *unused)
{
	(void)unused;
	hg_pin(1);
	for (unsigned i = 0; i < FREES; i++)
		if ((beside.targets[i] = target_open()))
			target_op(beside.targets[i]);
	pthread_barrier_wait(&beside.opened);
	pthread_barrier_wait(&beside.freed);
	return NULL;
}

static double free_at_a_pace(void)
{
	uint64_t spent = 0, due = target_now();
	for (unsigned i = 0; i < FREES; i++, due += PACE_NS) {
		while (target_now() < due)
			;
		uint64_t begun = target_now();
		target_free(beside.targets[i]);
		spent += target_now() - begun;
	}
	return (double)spent / FREES;
}

static void *free_all(void *unused)
{
	(void)unused;
	hg_pin(1);
	pthread_barrier_wait(&beside.opened);
	for (unsigned i = 0; i < FREES; i++)
		target_op(beside.targets[i]);
	pthread_barrier_wait(&beside.met);
	beside.free_ns = free_at_a_pace();
	beside.over = true;
	pthread_barrier_wait(&beside.freed);
	return NULL;
}

/* How many ops took so many nanoseconds, a reading of the clock among them. */
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

static uint64_t run_once(struct target *own)
{
	pthread_t opener, freer;
	beside.over = false;
	pthread_barrier_init(&beside.opened, NULL, 2);
	pthread_barrier_init(&beside.met, NULL, 2);
	pthread_barrier_init(&beside.freed, NULL, 2);
	if (pthread_create(&opener, NULL, open_all, NULL) != 0 || pthread_create(&freer, NULL, free_all, NULL) != 0)
		hg_die("a thread cannot be started");
	pthread_barrier_wait(&beside.met);
	uint64_t count = count_ops(own);
	pthread_join(freer, NULL);
	pthread_join(opener, NULL);
	return count;
}

/* Again, if the ops had no processor while there were frees. */
double hg_work_tail(unsigned what)
{
	static struct target *own;
	uint64_t count;
	if (!own)
		own = target_open();
	while ((count = run_once(own)) < FEWEST_OPS)
		;
	return what == HG_TAIL_FREE ? beside.free_ns : percentile(count, what);
}
