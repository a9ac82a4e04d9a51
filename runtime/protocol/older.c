#include "protocol/older.h"

#include "base/counters.h"
#include "format/record.h"
#include "protocol/guard_word.h"
#include "thread/cache.h"
#include "thread/thread.h"

/* The life that the calling thread remembers of a guard; 0: none. */
static uint32_t remembered(struct hg_context *context, const struct hg_guard *guard)
{
	const struct hg_cache_entry *entry = hg_cache_at(context, guard->value);
	return entry->guard == guard && entry->class ? hg_word_generation(entry->word) : 0;
}

static bool is_current(const struct hg_older *older)
{
	const struct hg_guard *guard = atomic_load_explicit(&older->guard, memory_order_relaxed);
	uint32_t life = atomic_load_explicit(&older->life, memory_order_relaxed);
	return guard && hg_guard_generation(guard) == life;
}

/* The place of this guard, or one whose life is over, or the next in turn. */
static struct hg_older *place_for(struct hg_context *context, const struct hg_guard *guard)
{
	struct hg_older *free = NULL;
	for (unsigned i = 0; i < HG_OLDER_KEPT; i++) {
		struct hg_older *older = &context->older[i];
		if (atomic_load_explicit(&older->guard, memory_order_relaxed) == guard)
			return older;
		free = free || is_current(older) ? free : older;
	}
	if (free)
		return free;
	hg_count(HG_COUNTER_OLDER_FORGOTTEN);
	return &context->older[context->next_older++ % HG_OLDER_KEPT];
}

void hg_older_note(struct hg_context *context, const struct hg_guard *guard, uint64_t word)
{
	uint32_t life = remembered(context, guard);
	if (!life || life == hg_word_generation(word))
		return;
	/* Others may look at any moment: they must not take one guard's life for another's. */
	struct hg_older *older = place_for(context, guard);
	atomic_store_explicit(&older->life, 0, memory_order_release);
	atomic_store_explicit(&older->guard, guard, memory_order_release);
	atomic_store_explicit(&older->life, hg_word_generation(word), memory_order_release);
}

bool hg_older_noted(const struct hg_context *context, const struct hg_guard *guard, uint32_t generation)
{
	for (unsigned i = 0; i < HG_OLDER_KEPT; i++)
		if (atomic_load_explicit(&context->older[i].life, memory_order_acquire) == generation &&
		    atomic_load_explicit(&context->older[i].guard, memory_order_acquire) == guard)
			return true;
	return false;
}

bool hg_older_met(struct hg_context *context, const struct hg_guard *guard, uint32_t generation)
{
	uint32_t life = remembered(context, guard);
	return (life && life != generation) || hg_older_noted(context, guard, generation);
}
