#ifndef HG_EVENT_H
#define HG_EVENT_H

#include <stdatomic.h>
#include <stdint.h>

/* One call that mattered to a handle's life. */
struct hg_event {
	uint64_t ticks;
	uint32_t tid;
	uint32_t symbol; /* in the recording */
	uint32_t stack;  /* in the depot; its innermost counter is where the call returns to */
	uint32_t flags;  /* enum hg_event_flag */
};

enum hg_event_flag {
	HG_EVENT_INTERNAL = 1, /* made by the library itself */
	HG_EVENT_ADOPTED = 2,  /* not a create: where the handle was first met */
	HG_EVENT_STACK_GONE =
	    4, /* the call was over before its stack could be walked; of the stack there is its site */
	HG_EVENT_EXPECTED =
	    8, /* with ADOPTED: a create in flight of this thread may be making it (shim/around/expected.c) */
	HG_EVENT_ELSEWHERE = 16, /* with EXPECTED: of any thread */
	HG_EVENT_OLDER = 32,     /* of a free: its thread had last seen an older life of the value */
	HG_EVENT_MAY_END = 64,   /* of a create: an op was called by which the life may end unseen */
	HG_EVENT_CLOSED = 128    /* of a create: the life's last legal op has begun (runtime/protocol/closed.c) */
};

/* What may be said of a create after it. */
enum { HG_EVENT_MARKS = HG_EVENT_MAY_END | HG_EVENT_CLOSED };

/* In memory that others read, the flags hold the life that the event is one of, modulo 2^24. no limit: the event of a
 * life is written again long before that one comes round */
enum { HG_EVENT_LIFE = 8, HG_EVENT_FLAGS = (1 << HG_EVENT_LIFE) - 1 };

/* Events are written by the call itself and read by findings of other threads: `ticks` is 0 meanwhile and stored last,
 * 0 means none. */
static inline void hg_event_store(struct hg_event *to, const struct hg_event *from, uint32_t generation)
{
	__atomic_store_n(&to->ticks, 0, __ATOMIC_RELAXED);
	atomic_thread_fence(memory_order_release);
	__atomic_store_n(&to->tid, from->tid, __ATOMIC_RELAXED);
	__atomic_store_n(&to->symbol, from->symbol, __ATOMIC_RELAXED);
	__atomic_store_n(&to->stack, from->stack, __ATOMIC_RELAXED);
	__atomic_store_n(&to->flags, from->flags | generation << HG_EVENT_LIFE, __ATOMIC_RELAXED);
	__atomic_store_n(&to->ticks, from->ticks, __ATOMIC_RELEASE);
}

static inline void hg_event_clear(struct hg_event *event)
{
	__atomic_store_n(&event->ticks, 0, __ATOMIC_RELEASE);
}

/* When it was; 0: none, or it is being written. */
static inline uint64_t hg_event_ticks(const struct hg_event *event)
{
	return __atomic_load_n(&event->ticks, __ATOMIC_ACQUIRE);
}

/* All of one event, or none. */
static inline struct hg_event hg_event_read(const struct hg_event *from)
{
	struct hg_event event = {.ticks = __atomic_load_n(&from->ticks, __ATOMIC_ACQUIRE)};
	event.tid = __atomic_load_n(&from->tid, __ATOMIC_RELAXED);
	event.symbol = __atomic_load_n(&from->symbol, __ATOMIC_RELAXED);
	event.stack = __atomic_load_n(&from->stack, __ATOMIC_RELAXED);
	event.flags = __atomic_load_n(&from->flags, __ATOMIC_RELAXED);
	atomic_thread_fence(memory_order_acquire);
	if (__atomic_load_n(&from->ticks, __ATOMIC_RELAXED) != event.ticks)
		event.ticks = 0;
	return event;
}

static inline struct hg_event hg_event_load(const struct hg_event *from)
{
	struct hg_event event = hg_event_read(from);
	event.flags &= HG_EVENT_FLAGS;
	return event;
}

/* The event if it is one of this life; none otherwise. */
static inline struct hg_event hg_event_of_life(const struct hg_event *from, uint32_t generation)
{
	struct hg_event event = hg_event_read(from);
	if ((event.flags ^ generation << HG_EVENT_LIFE) & ~(uint32_t)HG_EVENT_FLAGS)
		event.ticks = 0;
	event.flags &= HG_EVENT_FLAGS;
	return event;
}

#endif
