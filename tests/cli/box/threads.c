/* A module with the library linked in and hidden. Its constructor starts a thread which uses the library, and which
 * runs on while the module is loaded, and after. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "box.h"

enum { ROUNDS = 1000 };

static pthread_t thread;
static atomic_bool over;
static atomic_ulong rounds;

static void await(unsigned long count)
{
	while (atomic_load(&rounds) < count)
		sched_yield();
}

static void *use(void *unused)
{
	while (!atomic_load(&over)) {
		struct box *box = box_open();
		box_use(box);
		box_close(box);
		atomic_fetch_add(&rounds, 1);
	}
	return unused;
}

__attribute__((constructor)) static void begin(void)
{
	if (pthread_create(&thread, NULL, use, NULL) == 0)
		await(1);
}

__attribute__((visibility("default"))) int threads_end(void);

int threads_end(void)
{
	await(atomic_load(&rounds) + ROUNDS);
	atomic_store(&over, 1);
	return pthread_join(thread, NULL);
}
