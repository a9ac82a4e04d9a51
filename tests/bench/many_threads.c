/* Starts threads that make one guarded call each, and says in nanoseconds how long it took from the first's start to
 * the last's end: many_threads COUNT together|in-turn. Together: none ends before all have made their call. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target.h"

enum { STACK = 64 << 10 };

static struct target *target;
static pthread_barrier_t all;
static bool together;

static void *call_once(void *unused)
{
	(void)unused;
	bool right = target_op(target) == TARGET_VALUE;
	if (together)
		pthread_barrier_wait(&all);
	return right ? target : NULL;
}

static void check(bool right, const char *what)
{
	if (right)
		return;
	fprintf(stderr, "many_threads: %s\n", what);
	exit(1);
}

static void end(pthread_t thread)
{
	void *result;
	check(pthread_join(thread, &result) == 0 && result, "a call went wrong");
}

static void start_all(unsigned count, pthread_t *threads)
{
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	check(pthread_attr_setstacksize(&attributes, STACK) == 0, "no such stacks");
	for (unsigned i = 0; i < count; i++) {
		check(pthread_create(&threads[i], &attributes, call_once, NULL) == 0, "no more threads");
		if (!together)
			end(threads[i]);
	}
	for (unsigned i = 0; together && i < count; i++)
		end(threads[i]);
}

int main(int argc, char **argv)
{
	check(argc == 3, "COUNT and together or in-turn are wanted");
	unsigned count = (unsigned)strtoul(argv[1], NULL, 10);
	pthread_t *threads = calloc(count, sizeof *threads);
	together = strcmp(argv[2], "together") == 0;
	target = target_open();
	check(threads && target_op(target) == TARGET_VALUE, "no memory");
	pthread_barrier_init(&all, NULL, count);
	uint64_t begun = target_now();
	start_all(count, threads);
	printf("%llu\n", (unsigned long long)(target_now() - begun));
	target_free(target);
	free(threads);
	return 0;
}
