#include "java/java_thread.h"

#include <pthread.h>

#include "base/counters.h"
#include "base/sys.h"
#include "java/java_layout.h"
#include "told/told.h"

enum { THREADS_MOST = 4096 }; /* limit: TOLD_GONE */

static uint64_t word_at(uint64_t at)
{
	uint64_t word = 0;
	return hg_told_read(at, &word, sizeof word) == sizeof word ? word : 0;
}

bool hg_java_is_here(uint64_t java_thread, uint64_t thread, uint32_t tid)
{
	const struct hg_java_layout *layout = &hg_java_layout;
	uint64_t system = *(const uint64_t *)(java_thread + layout->system);
	return system && *(const uint64_t *)(system + layout->thread) == thread &&
	       *(const uint32_t *)(system + layout->tid) == tid;
}

static bool is_thread(uint64_t java_thread, uint64_t thread, uint32_t tid)
{
	const struct hg_java_layout *layout = &hg_java_layout;
	uint64_t system = word_at(java_thread + layout->system);
	uint32_t found = 0;
	return system && word_at(system + layout->thread) == thread &&
	       hg_told_read(system + layout->tid, &found, sizeof found) == sizeof found && found == tid;
}

/* The list may be replaced, and threads in it may end, while it is read. */
uint64_t hg_java_thread_of(uint64_t thread, uint32_t tid)
{
	const struct hg_java_layout *layout = &hg_java_layout;
	uint32_t length = 0;
	uint64_t list = word_at(layout->list), found;
	uint64_t threads = list ? word_at(list + layout->threads) : 0;
	if (!threads || hg_told_read(list + layout->length, &length, sizeof length) != sizeof length)
		return 0;
	for (uint32_t i = 0; i < length && i < THREADS_MOST; i++) {
		found = word_at(threads + i * sizeof found);
		if (found && is_thread(found, thread, tid))
			return found;
	}
	if (length > THREADS_MOST)
		hg_count(HG_COUNTER_TOLD_GONE);
	return 0;
}

uint64_t hg_java_thread_here(void)
{
	return hg_java_thread_of((uint64_t)pthread_self(), hg_gettid());
}

bool hg_java_is_native(uint64_t java_thread)
{
	enum { IN_NATIVE = 4 }; /* no limit: a state, the same in all versions */
	return *(const volatile uint32_t *)(java_thread + hg_java_layout.state) == IN_NATIVE;
}

bool hg_java_called(uint64_t java_thread, uint64_t sp)
{
	const struct hg_java_layout *layout = &hg_java_layout;
	uint64_t innermost = *(const uint64_t *)(java_thread + layout->anchor + layout->last_sp);
	uint64_t high = *(const uint64_t *)(java_thread + layout->stack_base);
	uint64_t low = high - *(const uint64_t *)(java_thread + layout->stack_size);
	return sp >= low && innermost >= sp && innermost < high;
}

/* Where the VM keeps the reference to a thread's object stands in the thread; that of the virtual thread, if one runs
 * on it, else its own. Versions that have such threads are asked for the calling one by it too: without it they would
 * hold up all others that are about to be moved. */
bool hg_java_reference_to(uint64_t java_thread, bool own, void **reference)
{
	enum { GLOBAL = 2, BITS = 7 }; /* no limit: marks in a pointer */
	const struct hg_java_layout *layout = &hg_java_layout;
	uint64_t object = layout->virtual_object ? layout->virtual_object : layout->object;
	uint64_t at = *(const uint64_t *)(java_thread + object);
	*reference = NULL;
	if (layout->reference == HG_JAVA_REFERENCE_UNKNOWN || !at || at & BITS)
		return own;
	if (layout->reference == HG_JAVA_REFERENCE_GLOBAL)
		*reference = (void *)(at | GLOBAL);
	else if (!own)
		*reference = (void *)at;
	return true;
}
