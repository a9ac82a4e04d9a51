/* What a thread remembers of handles: a direct-mapped cache, which grows where handles push each other out. It begins
 * in the thread's context, and goes on in memory of its own once there are more than HG_CACHE_INSIDE entries. */
#ifndef HG_CACHE_H
#define HG_CACHE_H

#include "thread/thread.h"

/* Which of so many entries at most is this value's. Addresses that lie at even distances, as those of small objects do,
 * would meet in few entries if they were multiplied alone (tests/unit/runtime/protocol/test_remembered.c). */
static inline uint64_t hg_cache_place(uint64_t value)
{
	return ((value ^ value >> 5) * UINT64_C(0x94d049bb133111eb)) >> (64 - HG_CACHE_BITS);
}

/* The calling thread's entries. */
static inline struct hg_cache_entry *hg_cache_entries(struct hg_context *context)
{
	return (struct hg_cache_entry *)((char *)context + context->cache_offset);
}

/* The one where this value belongs; the trampoline does the same. */
static inline struct hg_cache_entry *hg_cache_at(struct hg_context *context, uint64_t value)
{
	uint64_t place = hg_cache_place(value) * sizeof(struct hg_cache_entry) & context->cache_mask;
	return (struct hg_cache_entry *)((char *)hg_cache_entries(context) + place);
}

/* How many entries the calling thread's cache has. */
static inline unsigned hg_cache_size(const struct hg_context *context)
{
	return (unsigned)(context->cache_mask / sizeof(struct hg_cache_entry)) + 1;
}

/* The first cache of a context that is new, or was another thread's. */
void hg_cache_begin(struct hg_context *context);

/* Makes the calling thread's cache so large. What is in it stays where it is: the caller moves it, upwards alone, from
 * entry to entry. False: memory is refused. */
bool hg_cache_resize(struct hg_context *context, unsigned entries);

/* Nothing is remembered any more. */
void hg_cache_clear(struct hg_context *context);

/* Its thread is gone: what the cache has beyond the context is the system's again. */
void hg_cache_give_back(struct hg_context *context);

/* Whether a thread's cache has an entry for the guard of this value; the guards of all of its entries. What is found is
 * of all visits that are over; of one that goes on, it may or may not. */
bool hg_cache_names(const struct hg_context *context, const struct hg_guard *guard, uint64_t value);
void hg_cache_each(const struct hg_context *context, void (*take)(struct hg_guard *guard));

/* Whether to ask for each guard (hg_cache_names) takes less than to look through all entries. */
bool hg_cache_is_large(const struct hg_context *context);

/* How many entries all caches have together, inside contexts and beyond them. */
unsigned hg_caches_inside(void);
unsigned hg_caches_beyond(void);

/* In a forked child. */
void hg_caches_forget(void);

#endif
