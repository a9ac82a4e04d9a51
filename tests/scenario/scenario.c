#define _GNU_SOURCE
#include "scenario.h"

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>

void fail(const char *file, int line, const char *condition)
{
	printf("%s:%d: %s does not hold\n", file, line, condition);
	fflush(stdout);
	_exit(3);
}

static void *side_main(void *argument)
{
	struct side *side = argument;
	pthread_setname_np(pthread_self(), side->name);
	side->tid = gettid();
	sem_post(&side->started);
	side->run(side->argument);
	return NULL;
}

void start(struct side *side, const char *name, void (*run)(void *), void *argument)
{
	*side = (struct side){.name = name, .run = run, .argument = argument};
	sem_init(&side->started, 0, 0);
	CHECK(pthread_create(&side->thread, NULL, side_main, side) == 0);
	sem_wait(&side->started);
}

void join(struct side *side)
{
	CHECK(pthread_join(side->thread, NULL) == 0);
}

/* A futex wait with a time limit: nothing else in these programs has one. */
static bool drains(const char *line)
{
	unsigned long number, word, operation, value, limit;
	if (sscanf(line, "%lu %lx %lx %lx %lx", &number, &word, &operation, &value, &limit) != 5)
		return false;
	return number == SYS_futex && (operation & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET && limit != 0;
}

void await_drain(const struct side *side)
{
	char path[64], line[256];
	snprintf(path, sizeof path, "/proc/self/task/%d/syscall", side->tid);
	for (;;) {
		FILE *file = fopen(path, "r");
		CHECK(file);
		bool read = fgets(line, sizeof line, file);
		fclose(file);
		CHECK(read);
		if (drains(line))
			return;
		sched_yield();
	}
}

void tell_number(const char *name, unsigned long handle)
{
	printf("handle %s %#lx\n", name, handle);
	fflush(stdout);
}

void tell(const char *name, const void *handle)
{
	tell_number(name, (unsigned long)handle);
}

void wait_in(void *g)
{
	CHECK(gate_wait(g) == 2);
}

void close_it(void *g)
{
	gate_close(g);
}
