#include "protocol/thread_end.h"

#include <pthread.h>

#include "format/record.h"
#include "process/process.h"
#include "protocol/guard.h"
#include "record/recording.h"
#include "stack/standing.h"
#include "thread/frames.h"

hg_abandoned *hg_thread_on_abandoned;

static void fold_counters(struct hg_context *context)
{
	unsigned count;
	uint64_t *totals = hg_recording_table(HG_EXTENT_TOTALS, &count);
	count = hg_recording_counters();
	for (unsigned i = 0; i < count; i++) {
		if (!atomic_load_explicit(&context->counters[i], memory_order_relaxed))
			continue;
		uint64_t calls = atomic_exchange_explicit(&context->counters[i], 0, memory_order_relaxed);
		__atomic_fetch_add(&totals[i], calls, __ATOMIC_RELAXED);
	}
}

/* What the thread left in flight is in flight no more; whoever waits for it hears of it, through `left`. Another thread
 * may be leaving such an op right now: only what is found by the exchange is abandoned. */
static void abandon(struct hg_context *context, struct hg_frame *frame, void (*left)(struct hg_guard *))
{
	struct hg_frame lost = hg_frame_load(frame);
	lost.guard = __atomic_exchange_n(&frame->guard, HG_FRAME_HOLE, __ATOMIC_ACQ_REL);
	if (!lost.guard || lost.guard == HG_FRAME_HOLE)
		return;
	if (!(lost.guard & HG_FRAME_OWN) && hg_thread_on_abandoned)
		hg_thread_on_abandoned(HG_KIND_ABANDONED, context, &lost, false);
	if (hg_frame_guard(lost.guard))
		left(hg_frame_guard(lost.guard));
	if (hg_frame_guard(lost.guard) && lost.guard & HG_FRAME_FREE && hg_frame_parent(&lost))
		left(hg_frame_parent(&lost));
}

/* A coroutine that is parked inside an op may be resumed by another thread: its op is in flight as long as its stack is
 * there, and its frame must stay where it is. False: there is none left. */
static bool abandon_all_but_parked(struct hg_context *context, void (*left)(struct hg_guard *))
{
	bool parked = false;
	for (struct hg_frame *frame = NULL; (frame = hg_frame_before(context, frame));) {
		if (hg_frame_used(frame) && hg_is_parked(context, frame))
			parked = true;
		else
			abandon(context, frame, left);
	}
	return parked;
}

static void empty(struct hg_frame *from, const struct hg_frame *to)
{
	for (; from < to; from++)
		__atomic_store_n(&from->guard, 0, __ATOMIC_RELEASE);
}

static void give_up(struct hg_context *context)
{
	struct hg_frame *more = atomic_load(&context->more_base);
	empty(context->base, context->limit);
	atomic_store(&context->top, context->base);
	if (more)
		empty(more, context->more_top);
	atomic_store(&context->more_top, more);
	atomic_store(&context->visiting, 0);
	__atomic_store_n(&context->record->state, HG_THREAD_GONE, __ATOMIC_RELEASE);
	hg_context_give_back(context);
}

static void release(struct hg_context *context, void (*left)(struct hg_guard *))
{
	bool parked = abandon_all_but_parked(context, left);
	fold_counters(context);
	if (parked)
		atomic_store(&context->life, hg_context_life(context->serial, HG_CONTEXT_PARKED));
	else
		give_up(context);
}

static bool is_gone(const struct hg_context *context, uint64_t used)
{
	if (hg_context_state(used) == HG_CONTEXT_PARKED)
		return true;
	return hg_context_state(used) == HG_CONTEXT_USED &&
	       !hg_thread_exists(__atomic_load_n(&context->tid, __ATOMIC_RELAXED));
}

static bool any_frame(const struct hg_context *context)
{
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(context, frame));)
		if (hg_frame_used(frame))
			return true;
	return false;
}

/* One burier a context; and the id that was looked at is that of this life, else the swap fails: the thread may have
 * given its context up meanwhile, and another one have taken it. */
static bool reap(struct hg_context *context, void *any)
{
	uint64_t used = atomic_load(&context->life);
	uint64_t ending = used - used % HG_CONTEXT_STATES + HG_CONTEXT_ENDING;
	if (!is_gone(context, used) || !atomic_compare_exchange_strong(&context->life, &used, ending))
		return true;
	bool before = any_frame(context);
	release(context, hg_guard_reaped);
	*(bool *)any = *(bool *)any || (before && !any_frame(context));
	return true;
}

bool hg_threads_reap(void)
{
	bool any = false;
	hg_contexts_each(reap, &any);
	return any;
}

static pthread_key_t key;
static _Atomic unsigned key_state; /* 0: none yet, 1: being made, 2: made */
static __thread unsigned exit_round;

/* Of the C library's rounds of destructors. The thread sanitizer is gone before the last one. */
#ifdef __SANITIZE_THREAD__
enum { LAST_ROUND = PTHREAD_DESTRUCTOR_ITERATIONS - 1 };
#else
enum { LAST_ROUND = PTHREAD_DESTRUCTOR_ITERATIONS };
#endif

/* Other keys' destructors may still call the library, in this round or in the next: stay until the last one. What is
 * called after that gets a context that hg_threads_reap frees once the thread is gone. */
static void thread_exits(void *context)
{
	if (++exit_round < LAST_ROUND)
		pthread_setspecific(key, context);
	else {
		struct hg_context *mine = hg_context;
		hg_context_set(NULL);
		/* In a forked child that has not called anything yet, it is the parent's, wiped. */
		if (mine && mine->epoch)
			release(mine, hg_guard_left);
	}
}

void hg_thread_watch_end(struct hg_context *context)
{
	unsigned none = 0;
	if (atomic_load(&key_state) == 0 && atomic_compare_exchange_strong(&key_state, &none, 1))
		atomic_store(&key_state, pthread_key_create(&key, thread_exits) == 0 ? 2 : 3);
	if (atomic_load(&key_state) == 2 && exit_round < LAST_ROUND)
		pthread_setspecific(key, context);
}
