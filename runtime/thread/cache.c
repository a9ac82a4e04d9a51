/* Only its thread changes a cache, or a signal handler on it, which leaves it alone where it has interrupted a change
 * (remembered.c). Others read `cache`: where entries begin, and in its lowest bits how many there are, so that nobody
 * takes the one for that of another size. What it has named stays mapped as long as the context is there.
 *
 * A cache that has grown has each handle at the same place, or further up: whoever looks upwards while entries are
 * being moved meets each of them in the one place or in the other. */
#include "thread/cache.h"

#include <sys/mman.h>

#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"
#include "process/process.h"

enum { BITS = 63 }; /* no limit: of `cache`, those that hold a number of bits */
enum { LARGE = HG_CACHE_SIZE * sizeof(struct hg_cache_entry) }; /* no limit: what is not in a cache is looked up */

static _Atomic unsigned inside, beyond;

unsigned hg_caches_inside(void)
{
	return atomic_load_explicit(&inside, memory_order_relaxed);
}

unsigned hg_caches_beyond(void)
{
	return atomic_load_explicit(&beyond, memory_order_relaxed);
}

void hg_caches_forget(void)
{
	atomic_store(&inside, 0);
	atomic_store(&beyond, 0);
}

static void count(unsigned entries, unsigned times)
{
	_Atomic unsigned *total = entries > HG_CACHE_INSIDE ? &beyond : &inside;
	atomic_fetch_add_explicit(total, entries * times, memory_order_relaxed);
}

static void use(struct hg_context *context, struct hg_cache_entry *entries, unsigned size)
{
	uint64_t bits = (uint64_t)__builtin_ctz(size);
	atomic_store_explicit(&context->cache, (uint64_t)entries | bits, memory_order_release);
	/* A handler's fast path may come in between: this many are there in both. */
	context->cache_offset = (char *)entries - (char *)context;
	atomic_signal_fence(memory_order_seq_cst);
	context->cache_mask = (size - 1) * sizeof(struct hg_cache_entry);
}

void hg_cache_begin(struct hg_context *context)
{
	if (context->cache_mask)
		count(hg_cache_size(context), -1U);
	use(context, context->first, HG_CACHE_FIRST);
	count(HG_CACHE_FIRST, 1);
}

struct view {
	struct hg_cache_entry *entries;
	unsigned bits;
};

static struct view view_of(const struct hg_context *context)
{
	uint64_t cache = atomic_load_explicit(&context->cache, memory_order_acquire);
	return (struct view){(struct hg_cache_entry *)(cache & ~(uint64_t)BITS), cache & BITS};
}

/* Where the entries of a cache of this size stand; null: memory is refused. */
static struct hg_cache_entry *entries_for(struct hg_context *context, unsigned size)
{
	struct view now = view_of(context);
	if (size <= HG_CACHE_INSIDE || now.bits > HG_CACHE_INSIDE_BITS)
		return now.entries;
	if (!context->large)
		context->large = hg_process_map_wiped(LARGE);
	for (unsigned i = 0; context->large && i < 1U << now.bits; i++)
		context->large[i] = now.entries[i];
	return context->large;
}

bool hg_cache_resize(struct hg_context *context, unsigned size)
{
	struct hg_cache_entry *entries = entries_for(context, size);
	unsigned before = hg_cache_size(context);
	if (!entries) {
		hg_count(HG_COUNTER_MEMORY_REFUSED);
		return false;
	}
	count(before, -1U);
	use(context, entries, before);
	use(context, entries, size);
	count(size, 1);
	return true;
}

void hg_cache_clear(struct hg_context *context)
{
	unsigned size = hg_cache_size(context);
	for (unsigned i = 0; i < size && i < HG_CACHE_INSIDE; i++) {
		context->first[i].value = context->first[i].word = 0;
		context->first[i].class = NULL;
		__atomic_store_n(&context->first[i].guard, NULL, __ATOMIC_RELAXED);
	}
	if (size > HG_CACHE_INSIDE)
		hg_syscall(SYS_madvise, (long)context->large, LARGE, MADV_DONTNEED, 0, 0, 0);
}

void hg_cache_give_back(struct hg_context *context)
{
	if (hg_cache_size(context) <= HG_CACHE_INSIDE)
		return;
	hg_cache_clear(context);
	hg_cache_begin(context);
}

/* --- for other threads --- */

static struct hg_guard *guard_at(const struct view *view, uint64_t place)
{
	return __atomic_load_n(&view->entries[place].guard, __ATOMIC_ACQUIRE);
}

bool hg_cache_is_large(const struct hg_context *context)
{
	return view_of(context).bits > HG_CACHE_INSIDE_BITS;
}

void hg_cache_each(const struct hg_context *context, void (*take)(struct hg_guard *guard))
{
	struct view view = view_of(context);
	for (uint64_t i = 0; i < UINT64_C(1) << view.bits; i++, view = view_of(context)) {
		struct hg_guard *guard = guard_at(&view, i);
		if (guard)
			take(guard);
	}
}

/* It stands where a cache of the present size has it, or is on its way there. */
bool hg_cache_names(const struct hg_context *context, const struct hg_guard *guard, uint64_t value)
{
	uint64_t place = hg_cache_place(value);
	for (unsigned bits = HG_CACHE_FIRST_BITS;; bits += HG_CACHE_STEP_BITS) {
		struct view view = view_of(context);
		if (bits > view.bits)
			return false;
		if (guard_at(&view, place & ((UINT64_C(1) << bits) - 1)) == guard)
			return true;
	}
}
