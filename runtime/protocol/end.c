/* Ends are numbered, and stand in blocks, each twice as large as the one before: so the guard needs half a pointer. A
 * guard keeps its end for all its lives, and for those of the values that its memory is used for later. Of two calls
 * that make a guard's first end at once one makes its in vain. */
#include "protocol/end.h"

#include "base/counters.h"
#include "base/memory.h"
#include "base/sys.h"
#include "format/record.h"

struct end {
	struct hg_event free;
	struct hg_pending *_Atomic pending;
};

/* A number's highest bit says which block, those below it which of that one's. The first needs no mapping.
 * limit: MEMORY_REFUSED */
enum { FIRST_BITS = 7, BLOCKS = 32 - FIRST_BITS };
enum { NONE, LOST, FIRST = 1 << FIRST_BITS }; /* no limit: the first number, and what stands for others */

static struct end first[FIRST];
static struct end *_Atomic blocks[BLOCKS] = {first};
static _Atomic uint32_t next = FIRST;

static unsigned block_of(uint32_t number)
{
	return 31 - FIRST_BITS - (unsigned)__builtin_clz(number);
}

static struct end *end_at(uint32_t number)
{
	unsigned block = block_of(number);
	return atomic_load_explicit(&blocks[block], memory_order_acquire) + (number - ((uint32_t)FIRST << block));
}

static bool has_block(unsigned block)
{
	struct end *none = NULL;
	uint64_t bytes = ((uint64_t)FIRST << block) * sizeof(struct end);
	if (atomic_load_explicit(&blocks[block], memory_order_acquire))
		return true;
	struct end *fresh = hg_map_block(bytes);
	if (fresh && !atomic_compare_exchange_strong(&blocks[block], &none, fresh))
		hg_syscall(SYS_munmap, (long)fresh, (long)bytes, 0, 0, 0, 0);
	return atomic_load_explicit(&blocks[block], memory_order_acquire);
}

/* LOST: there is no memory. */
static uint32_t number_of_fresh(void)
{
	uint32_t number = atomic_load_explicit(&next, memory_order_relaxed);
	do
		if (number == UINT32_MAX || !has_block(block_of(number))) {
			hg_count(HG_COUNTER_MEMORY_REFUSED);
			return LOST;
		}
	while (!atomic_compare_exchange_weak(&next, &number, number + 1));
	return number;
}

/* Null: it has none. */
static struct end *end_of(const struct hg_guard *guard)
{
	uint32_t number = atomic_load_explicit(&guard->end, memory_order_acquire);
	return number < FIRST ? NULL : end_at(number);
}

/* Makes one if it has none; null: memory is refused. */
static struct end *end_for(struct hg_guard *guard)
{
	uint32_t number = atomic_load_explicit(&guard->end, memory_order_acquire);
	if (number < FIRST) {
		uint32_t fresh = number_of_fresh();
		if (atomic_compare_exchange_strong(&guard->end, &number, fresh))
			number = fresh;
	}
	return number < FIRST ? NULL : end_at(number);
}

void hg_end_store(struct hg_guard *guard, const struct hg_event *event, uint32_t generation)
{
	struct end *end = end_for(guard);
	if (end)
		hg_event_store(&end->free, event, generation);
}

void hg_end_clear(struct hg_guard *guard)
{
	struct end *end = end_of(guard);
	if (end)
		hg_event_clear(&end->free);
}

struct hg_event hg_end_of_life(const struct hg_guard *guard, uint32_t generation)
{
	const struct end *end = end_of(guard);
	return end ? hg_event_of_life(&end->free, generation) : (struct hg_event){.ticks = 0};
}

struct hg_event hg_end_now(const struct hg_guard *guard)
{
	return hg_end_of_life(guard, hg_guard_generation(guard));
}

struct hg_event hg_end_last(const struct hg_guard *guard)
{
	const struct end *end = end_of(guard);
	return end ? hg_event_load(&end->free) : (struct hg_event){.ticks = 0};
}

bool hg_end_is_lost(const struct hg_guard *guard)
{
	return atomic_load_explicit(&guard->end, memory_order_acquire) == LOST;
}

/* --- what is left to the last op --- */

bool hg_end_put_pending(struct hg_guard *guard, struct hg_pending *pending)
{
	struct end *end = end_for(guard);
	if (end)
		atomic_store(&end->pending, pending);
	return end;
}

struct hg_pending *hg_end_take_pending(struct hg_guard *guard)
{
	struct end *end = end_of(guard);
	return end ? atomic_exchange(&end->pending, NULL) : NULL;
}

struct hg_pending *hg_end_pending(const struct hg_guard *guard)
{
	const struct end *end = end_of(guard);
	return end ? atomic_load(&end->pending) : NULL;
}
