#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>

#include "base/libc.h"
#include "base/sys.h"
#include "process/process.h"
#include "thread/thread.h"

/* Of the first thread's stack, no more than the kernel keeps free of mappings below it however large the limit is: what
 * lies in there is on that stack and on no other. Not by pthread_getattr_np, which would look it up in a file. */
static void find_first(uint64_t *low, uint64_t *high)
{
	enum { SURE_STACK = 64 << 20 }; /* no limit: further down it is treated as another stack */
	extern void *__libc_stack_end;
	struct rlimit limit;
	uint64_t size = getrlimit(RLIMIT_STACK, &limit) == 0 ? limit.rlim_cur : 0;
	*high = (uint64_t)__libc_stack_end;
	*low = *high - (size < SURE_STACK ? size : SURE_STACK);
}

/* --- other threads ---
 *
 * To ask the C library means that it allocates, which for many short threads is most of their way here. What it answers
 * from stands in the thread's own descriptor: where the block begins, its size, and that of the guard below the stack.
 * Where in there is learnt from an answer, once, and held against the descriptor's own place each time. */

/* no limit: if they are not there, the C library is asked each time */
enum { WORDS = 2048 / sizeof(uint64_t), UNKNOWN = 0, NOWHERE = WORDS };

static _Atomic unsigned place; /* of these three words */

static const uint64_t *descriptor(void)
{
	return (const uint64_t *)pthread_self();
}

static bool read_descriptor(unsigned at, uint64_t *low, uint64_t *high)
{
	const uint64_t *words = descriptor() + at;
	uint64_t block = words[0], size = words[1], guard = words[2], self = (uint64_t)descriptor();
	if (guard >= size || self - block >= size)
		return false;
	*low = block + guard;
	*high = block + size;
	return true;
}

static void learn(uint64_t low, uint64_t high)
{
	unsigned unknown = UNKNOWN, found = NOWHERE;
	for (unsigned at = 1; at + 2 < WORDS; at++) {
		uint64_t read_low, read_high;
		if (read_descriptor(at, &read_low, &read_high) && read_low == low && read_high == high)
			found = at;
	}
	atomic_compare_exchange_strong(&place, &unknown, found);
}

static bool ask(uint64_t *low, uint64_t *high)
{
	pthread_attr_t attributes;
	void *start;
	size_t size;
	if (pthread_getattr_np(pthread_self(), &attributes) != 0)
		return false;
	bool told = pthread_attr_getstack(&attributes, &start, &size) == 0;
	pthread_attr_destroy(&attributes);
	if (told) {
		*low = (uint64_t)start;
		*high = (uint64_t)start + size;
	}
	return told;
}

void hg_thread_find_stack(uint64_t *low, uint64_t *high)
{
	unsigned known = atomic_load(&place);
	/* In a forked child, the first thread may run on any thread's stack. */
	if (hg_gettid() == hg_process_pid())
		find_first(low, high);
	else if (known != UNKNOWN && known != NOWHERE && read_descriptor(known, low, high))
		return;
	else if (ask(low, high) && known == UNKNOWN && hg_libc_is_gnu())
		learn(*low, *high);
}
