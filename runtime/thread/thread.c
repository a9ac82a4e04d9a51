#include "thread/thread.h"

#include <pthread.h>
#include <sys/prctl.h>

#include "base/counters.h"
#include "base/sys.h"
#include "process/process.h"
#include "record/labels.h"
#include "record/recording.h"
#include "thread/cache.h"

enum { MOST_CONTEXTS = 1 << 15 }; /* limit: THREADS_FULL */
enum { CHUNK = 32 };              /* no limit: there are as many as contexts need */

__thread struct hg_context *hg_context;
/* So much of a context as handleguard_inline.h reads before it knows that it is one. */
static _Alignas(struct hg_context) char no_context[offsetof(struct hg_context, first)];
/* Used: by machine code that no compiler reads. */
__attribute__((used)) __thread struct hg_context *handleguard_thread_1 = (struct hg_context *)no_context;

void hg_context_set(struct hg_context *context)
{
	hg_context = context;
	handleguard_thread_1 = context ? context : (struct hg_context *)no_context;
}

/* Contexts are never unmapped; the index of a context is the index of its record in the recording. */
static struct hg_context *_Atomic contexts[MOST_CONTEXTS];
static char *_Atomic chunks[MOST_CONTEXTS / CHUNK];
static _Atomic unsigned context_count;
enum { REAP_FIRST = 64 }; /* no limit: when it is done first */
static _Atomic unsigned reap_at = REAP_FIRST;
static _Atomic uint64_t last_serial;

unsigned hg_context_count(void)
{
	return atomic_load(&context_count);
}

void hg_contexts_each(bool (*visit)(struct hg_context *context, void *argument), void *argument)
{
	unsigned count = atomic_load(&context_count);
	for (unsigned i = 0; i < count; i++) {
		struct hg_context *context = atomic_load(&contexts[i]);
		unsigned state = context ? hg_context_state(atomic_load(&context->life)) : HG_CONTEXT_FREE;
		if (state != HG_CONTEXT_FREE && state != HG_CONTEXT_STARTING && !visit(context, argument))
			return;
	}
}

/* Free contexts, one on top of the other: the next one's index plus one. The head's upper half counts changes, so that
 * none that was taken and given back meanwhile passes for the same. */
static _Atomic uint64_t free_head;
static _Atomic uint32_t free_next[MOST_CONTEXTS];

static uint64_t new_head(uint64_t head, uint32_t top)
{
	return ((head >> 32) + 1) << 32 | top;
}

void hg_context_give_back(struct hg_context *context)
{
	uint64_t head = atomic_load(&free_head);
	hg_cache_give_back(context);
	atomic_store(&context->life, hg_context_life(context->serial, HG_CONTEXT_FREE));
	do
		atomic_store(&free_next[context->index], (uint32_t)head);
	while (!atomic_compare_exchange_weak(&free_head, &head, new_head(head, context->index + 1)));
}

static struct hg_context *pop_free(unsigned *index)
{
	uint64_t head = atomic_load(&free_head);
	do {
		if (!(uint32_t)head)
			return NULL;
		*index = (uint32_t)head - 1;
	} while (!atomic_compare_exchange_weak(&free_head, &head, new_head(head, atomic_load(&free_next[*index]))));
	struct hg_context *context = atomic_load(&contexts[*index]);
	atomic_store(&context->life, hg_context_life(context->serial, HG_CONTEXT_STARTING));
	return context;
}

/* Memory that a forked child finds zeroed, for so many contexts at once. It does not begin where a page does: whatever
 * else is fresh does, and a first-level cache that finds its lines by bits 6 to 11 and a hash of the address may take
 * one for the other, op by op. */
static struct hg_context *map_context(unsigned index)
{
	/* no limit: a place, and what a chunk takes */
	enum { AWAY = 30 * 64, SIZE = AWAY + CHUNK * sizeof(struct hg_context) };
	char *_Atomic *chunk = &chunks[index / CHUNK];
	char *memory = atomic_load(chunk);
	if (!memory) {
		char *fresh = hg_process_map_wiped(SIZE);
		if (fresh && atomic_compare_exchange_strong(chunk, &memory, fresh))
			memory = fresh;
		else if (fresh)
			hg_syscall(SYS_munmap, (long)fresh, SIZE, 0, 0, 0, 0);
	}
	return memory ? (struct hg_context *)(memory + AWAY) + index % CHUNK : NULL;
}

static struct hg_context *new_context(unsigned *index)
{
	*index = atomic_load(&context_count);
	do
		if (*index >= MOST_CONTEXTS) {
			hg_count(HG_COUNTER_THREADS_FULL);
			return NULL;
		}
	while (!atomic_compare_exchange_weak(&context_count, index, *index + 1));
	struct hg_context *context = map_context(*index);
	if (!context) {
		hg_count(HG_COUNTER_MEMORY_REFUSED);
		return NULL;
	}
	context->index = *index;
	atomic_store(&context->life, hg_context_life(0, HG_CONTEXT_STARTING));
	atomic_store(&contexts[*index], context);
	return context;
}

/* Threads that end by other ways than their own leave contexts behind: these are looked for when there are twice as
 * many contexts as the last time. */
static struct hg_context *take_context(unsigned *index, bool (*reap)(void))
{
	struct hg_context *context = pop_free(index);
	unsigned count = atomic_load(&context_count), limit = atomic_load(&reap_at);
	if (!context && count >= limit && atomic_compare_exchange_strong(&reap_at, &limit, 2 * count)) {
		reap();
		context = pop_free(index);
	}
	return context ? context : new_context(index);
}

static_assert(offsetof(struct hg_record_thread, counters) ==
                  offsetof(struct hg_record_thread, frames) + HG_FRAMES * sizeof(struct hg_frame),
              "the trampoline takes the limit of the frames for the counters");

static void forget(struct hg_context *context)
{
	hg_cache_clear(context);
	for (int i = 0; i < HG_STACK_CACHE_SIZE; i++)
		context->stacks[i] = (struct hg_known_stack){0};
	for (int i = 0; i < HG_OLDER_KEPT; i++)
		atomic_store_explicit(&context->older[i].life, 0, memory_order_relaxed);
}

/* A child of vfork runs on a thread of its parent, and has that one's context: it is the parent's thread that leaves
 * the ops when the child is gone. The C library knows whose thread it is, and says so in the number of its clock. */
static uint32_t own_tid(void)
{
	clockid_t clock;
	if (hg_process_pid() == hg_getpid() || pthread_getcpuclockid(pthread_self(), &clock) != 0)
		return hg_gettid();
	return (uint32_t) ~(clock >> 3); /* the kernel's MAKE_THREAD_CPUCLOCK, the other way round */
}

static bool fill_in(struct hg_context *context, unsigned index)
{
	bool recorded = false;
	struct hg_record_thread *record = hg_recording_thread(index, &recorded);
	if (!record) {
		hg_count(HG_COUNTER_MEMORY_REFUSED);
		hg_context_give_back(context);
		return false;
	}
	if (!recorded)
		hg_count(HG_COUNTER_THREADS_UNRECORDED);
	/* A fresh one is untouched so far, and stays so where this thread does not need it. */
	if (context->serial)
		forget(context);
	hg_cache_begin(context);
	context->pushed_out = 0;
	context->thread = (uint64_t)pthread_self();
	context->stack_low = context->stack_high = 0;
	atomic_store(&context->draining, NULL);
	context->record = record;
	context->remembering = 0;
	context->visits = 0;
	atomic_store(&context->visiting, 0);
	__atomic_store_n(&context->tid, own_tid(), __ATOMIC_RELAXED);
	context->serial = atomic_fetch_add(&last_serial, 1) + 1;
	context->user = context->serial << 1;
	context->counters = (_Atomic uint64_t *)record->counters;
	context->base = record->frames;
	context->limit = record->frames + HG_FRAMES;
	atomic_store(&context->inline_limit, NULL);
	context->epoch = hg_process_epoch();
	__atomic_store_n(&record->tid, context->tid, __ATOMIC_RELAXED);
	atomic_thread_fence(memory_order_release); /* before the name: see thread_name */
	record->serial = context->serial;
	record->started_ticks = hg_ticks();
	hg_syscall(SYS_prctl, PR_GET_NAME, (long)record->name, 0, 0, 0, 0);
	hg_label_first_call();
	atomic_store(&context->top, context->base);
	__atomic_store_n(&record->state, HG_THREAD_LIVE, __ATOMIC_RELEASE);
	atomic_store(&context->life, hg_context_life(context->serial, HG_CONTEXT_USED));
	return true;
}

struct hg_context *hg_context_make(bool (*reap)(void))
{
	unsigned index;
	struct hg_context *context = take_context(&index, reap);
	return context && fill_in(context, index) ? context : NULL;
}

/* The parent's contexts are zeros now, and the forking thread still points at one: none may be given to another thread.
 */
void hg_contexts_forget(void)
{
	unsigned count = atomic_exchange(&context_count, 0);
	for (unsigned i = 0; i < count; i++) {
		atomic_store(&contexts[i], NULL);
		atomic_store(&chunks[i / CHUNK], NULL);
	}
	hg_caches_forget();
	atomic_store(&free_head, 0);
	atomic_store(&reap_at, REAP_FIRST);
}

static void wipe(volatile char *from, const volatile char *end)
{
	while (from < end)
		*from++ = 0;
}

/* In a forked child whose memory was not wiped, what a fork wipes; of a cache, what was used. */
void hg_contexts_wipe(void)
{
	unsigned count = atomic_load(&context_count);
	for (unsigned i = 0; i < count; i++) {
		struct hg_context *context = atomic_load(&contexts[i]);
		if (!context)
			continue;
		hg_cache_clear(context);
		wipe((char *)(context->first + HG_CACHE_INSIDE), (char *)(context + 1));
		wipe((char *)context, (char *)context->first);
	}
}
