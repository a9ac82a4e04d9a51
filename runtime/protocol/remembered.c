#include "protocol/remembered.h"

#include "format/image.h"
#include "process/process.h"
#include "protocol/class.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "thread/cache.h"
#include "thread/thread.h"
#include "thread/visit.h"

/* no limit: what a thread does not remember is looked up */
enum { ENTRIES_A_HANDLE = 4 };

/* Whether this is a signal handler that has interrupted a reader or a writer of the cache: a fast path that reads it
 * has reserved its frame, and not filled it yet. */
static bool cache_in_use(const struct hg_context *context)
{
	if (context->remembering)
		return true;
	for (const struct hg_frame *frame = context->base; frame < context->top; frame++)
		if (!__atomic_load_n(&frame->guard, __ATOMIC_RELAXED))
			return true;
	return false;
}

static void fill(struct hg_cache_entry *entry, const struct hg_cache_entry *from)
{
	entry->class = NULL;
	/* A handler's fast path may read the entry at any moment: it must match as a whole or not at all. */
	atomic_signal_fence(memory_order_seq_cst);
	entry->value = from->value;
	/* Others look whether it stands here, before they forget it (dead.c). */
	__atomic_store_n(&entry->guard, from->guard, __ATOMIC_RELEASE);
	entry->word = from->word;
	atomic_signal_fence(memory_order_seq_cst);
	entry->class = from->class;
}

/* Whether so many handles push each other out that it is worth while to have more entries. Beyond those that have room
 * in their contexts, all threads together have so many for each handle that there is. */
static bool is_crowded(const struct hg_context *context)
{
	unsigned size = hg_cache_size(context), more = (size << HG_CACHE_STEP_BITS) - size;
	return size < HG_CACHE_SIZE && context->pushed_out > size / 4 &&
	       (size < HG_CACHE_INSIDE || hg_caches_beyond() + more <= ENTRIES_A_HANDLE * hg_table_size());
}

/* Each entry stays, or goes to a place further up that was not in use so far. */
static void grow(struct hg_context *context)
{
	unsigned before = hg_cache_size(context);
	context->pushed_out = 0;
	if (!hg_cache_resize(context, before << HG_CACHE_STEP_BITS))
		return;
	struct hg_cache_entry *entries = hg_cache_entries(context);
	for (unsigned i = 0; i < before; i++) {
		struct hg_cache_entry *from = &entries[i], *to = hg_cache_at(context, from->value);
		if (to == from || !from->class)
			continue;
		fill(to, from);
		fill(from, &(struct hg_cache_entry){0});
	}
}

void hg_remember(struct hg_context *context, struct hg_guard *guard, uint64_t word)
{
	if (cache_in_use(context))
		return;
	context->remembering = 1;
	if (is_crowded(context))
		grow(context);
	struct hg_cache_entry entry = {.value = guard->value, .class = guard->class, .guard = guard, .word = word};
	fill(hg_cache_at(context, guard->value), &entry);
	atomic_signal_fence(memory_order_seq_cst);
	context->remembering = 0;
}

/* Of a word like this, hg_guard_enter makes a frame and no more. */
static bool enters_plainly(const struct hg_guard *guard, const struct hg_context *context, uint64_t word)
{
	return word & HG_WORD_LIVE && !(word & HG_WORD_ORPHAN) &&
	       (!hg_word_private(word) || hg_guard_owner(guard) == context->serial);
}

bool hg_remember_guard_again(struct hg_context *context, struct hg_guard *guard)
{
	const struct hg_cache_entry *entry = hg_cache_at(context, guard->value);
	/* What it remembers of an earlier life is to be noted (older.c). */
	if (entry->guard == guard)
		return false;
	uint64_t word = atomic_load_explicit(&guard->word, memory_order_acquire);
	if (!enters_plainly(guard, context, word))
		return false;
	context->pushed_out += entry->guard != NULL;
	hg_remember(context, guard, word);
	entry = hg_cache_at(context, guard->value);
	return entry->guard == guard && entry->class == guard->class;
}

bool hg_remember_again(struct hg_context *context, const struct hg_class *class, uint64_t value)
{
	/* Each op with what another process has made asks whether that one is still there. */
	if (class->flags & HG_CLASS_OWN_PROCESS && hg_process_is_forked())
		return false;
	struct hg_visit visit = hg_visit_begin();
	struct hg_guard *guard = hg_table_find(class, value);
	bool remembered = guard && hg_remember_guard_again(context, guard);
	hg_visit_end(&visit);
	return remembered;
}
