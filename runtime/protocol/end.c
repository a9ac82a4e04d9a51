/* A guard keeps its end for all its lives, and for those of the values that its memory is used for later. Of two calls
 * that make a guard's first end at once one makes its in vain. */
#include "protocol/end.h"

#include "base/numbered.h"

struct end {
	struct hg_event free;
	struct hg_pending *_Atomic pending;
};

enum { LOST = 1 }; /* no limit: instead of a number */

static struct end first[HG_NUMBERED_FIRST];
static struct hg_numbered ends = {.size = sizeof(struct end), .next = HG_NUMBERED_FIRST, .blocks = {first}};

/* Null: it has none. */
static struct end *end_of(const struct hg_guard *guard)
{
	uint32_t number = atomic_load_explicit(&guard->end, memory_order_acquire);
	return number < HG_NUMBERED_FIRST ? NULL : hg_numbered_at(&ends, number);
}

/* Makes one if it has none; null: memory is refused. */
static struct end *end_for(struct hg_guard *guard)
{
	uint32_t number = atomic_load_explicit(&guard->end, memory_order_acquire);
	if (number < HG_NUMBERED_FIRST) {
		uint32_t fresh = hg_numbered_make(&ends);
		if (!fresh)
			fresh = LOST;
		if (atomic_compare_exchange_strong(&guard->end, &number, fresh))
			number = fresh;
	}
	return number < HG_NUMBERED_FIRST ? NULL : hg_numbered_at(&ends, number);
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
