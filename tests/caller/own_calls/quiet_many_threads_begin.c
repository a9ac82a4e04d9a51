/* The library starts more threads of its own at once than are kept track of until they run: that one more was not is
 * said. (The program has its own way to create threads, by which they all wait.)
 *
 * recording: handles.cell.created=257 handles.cell.freed=257 counters.starting-full=1
 */
#define _GNU_SOURCE
#include <dlfcn.h>

#include "caller.h"

enum { MANY = 257 };

static struct begun {
	void *(*routine)(void *);
	void *argument;
} begun[MANY];
static pthread_t threads[MANY];
static int count;
static pthread_barrier_t all_started;

static void *begin_together(void *argument)
{
	const struct begun *mine = argument;
	pthread_barrier_wait(&all_started);
	return mine->routine(mine->argument);
}

__attribute__((visibility("default"))) int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                                                          void *(*routine)(void *), void *argument)
{
	int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
	*(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
	begun[count] = (struct begun){routine, argument};
	int result = real(thread, attributes, begin_together, &begun[count]);
	threads[count++] = *thread;
	return result;
}

int main(void)
{
	pthread_barrier_init(&all_started, NULL, MANY + 1);
	for (int i = 0; i < MANY; i++)
		CHECK(cell_close(cell_new()) == 0);
	pthread_barrier_wait(&all_started);
	for (int i = 0; i < MANY; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	check_quiet(MANY);
	return 0;
}
