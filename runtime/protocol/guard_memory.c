#include "protocol/guard_memory.h"

#include "base/memory.h"
#include "format/image.h"
#include "protocol/children.h"
#include "protocol/claims.h"
#include "protocol/class.h"
#include "protocol/end.h"
#include "protocol/guard_word.h"
#include "thread/event.h"
#include "thread/visit.h"

bool hg_guard_keep(struct hg_guard *guard)
{
	uint16_t held = atomic_load(&guard->dead);
	while (held & HG_DEAD_FADING)
		if (atomic_compare_exchange_weak(&guard->dead, &held, (uint16_t)(held & ~HG_DEAD_FADING)))
			return true;
	return !(held & HG_DEAD_GONE);
}

enum { MORE = 1, TIES = 2, CLAIMS = 4, LAYOUTS = 8 }; /* no limit: what can follow a guard in memory */
static struct memory {
	struct hg_arena arena;
	_Atomic uintptr_t free;
} memories[LAYOUTS];

static unsigned layout_of(const struct hg_class *class)
{
	return (class->flags & HG_CLASS_MORE ? MORE : 0) | (class->flags & HG_CLASS_TIED ? TIES : 0) |
	       (class->flags & HG_CLASS_SHARED ? CLAIMS : 0);
}

static size_t size_of(unsigned layout)
{
	return sizeof(struct hg_guard) + (layout & MORE ? sizeof(struct hg_guard_more) : 0) +
	       (layout & TIES ? sizeof(struct hg_guard_ties) : 0) +
	       (layout & CLAIMS ? sizeof(struct hg_guard_claims) : 0);
}

static struct memory *memory_of(const struct hg_class *class)
{
	return &memories[layout_of(class)];
}

static void clear_more(struct hg_guard *guard)
{
	struct hg_guard_more *more = hg_guard_more(guard);
	hg_children_move(guard, more->parent, NULL);
	atomic_store(&more->user, 0);
	more->parent = NULL;
	more->parent_generation = 0;
	atomic_store(&more->joined, 0);
}

/* Its value is the next on the list. */
void hg_guard_recycle(struct hg_guard *guard)
{
	_Atomic uintptr_t *list = &memory_of(guard->class)->free;
	uint32_t lives = hg_guard_generation(guard) / HG_GUARD_LIVES;
	atomic_store(&guard->word, hg_word((lives + 1) * HG_GUARD_LIVES, 0));
	atomic_store(&guard->owner_high, HG_GUARD_REUSED);
	hg_event_clear(&guard->create);
	hg_end_clear(guard);
	if (guard->class->flags & HG_CLASS_MORE)
		clear_more(guard);
	uintptr_t first = atomic_load(list);
	do
		__atomic_store_n(&guard->value, first, __ATOMIC_RELAXED);
	while (!atomic_compare_exchange_weak(list, &first, (uintptr_t)guard));
}

/* None comes back to the list while a visit lasts that has seen it there. */
static struct hg_guard *reuse(const struct hg_class *class)
{
	_Atomic uintptr_t *list = &memory_of(class)->free;
	uintptr_t first = atomic_load(list);
	while (first) {
		struct hg_guard *guard = (struct hg_guard *)first;
		uintptr_t next = __atomic_load_n(&guard->value, __ATOMIC_RELAXED);
		if (!atomic_compare_exchange_weak(list, &first, next))
			continue;
		atomic_store(&guard->dead, 0);
		return guard;
	}
	return NULL;
}

struct hg_guard *hg_guard_new(const struct hg_class *class, uint64_t value)
{
	struct hg_guard *guard = reuse(class);
	if (!guard)
		guard = hg_arena_take(&memory_of(class)->arena, size_of(layout_of(class)));
	if (guard) {
		__atomic_store_n(&guard->class, class, __ATOMIC_RELAXED);
		/* Somebody may still read where the list of free ones would go on, in vain. */
		__atomic_store_n(&guard->value, value, __ATOMIC_RELAXED);
	}
	return guard;
}

struct each {
	void (*visit)(struct hg_guard *guard, void *argument);
	void *argument;
};

static void visit_made(void *piece, void *argument)
{
	struct each *each = argument;
	struct hg_guard *guard = piece;
	if (__atomic_load_n(&guard->class, __ATOMIC_ACQUIRE))
		each->visit(guard, each->argument);
}

void hg_guards_each_with_more(void (*visit)(struct hg_guard *guard, void *argument), void *argument)
{
	struct each each = {visit, argument};
	struct hg_visit here = hg_visit_begin();
	for (unsigned layout = MORE; layout < LAYOUTS; layout++)
		if (layout & MORE)
			hg_arena_each(&memories[layout].arena, size_of(layout), visit_made, &each);
	hg_visit_end(&here);
}

/* --- made in vain --- */

static _Atomic uintptr_t in_vain;

void hg_guard_discard(struct hg_guard *guard)
{
	uintptr_t first = atomic_load(&in_vain);
	do
		__atomic_store_n(&guard->value, first, __ATOMIC_RELAXED);
	while (!atomic_compare_exchange_weak(&in_vain, &first, (uintptr_t)guard));
}

struct hg_guard *hg_guards_rest(void)
{
	return (struct hg_guard *)atomic_exchange(&in_vain, 0);
}

void hg_guards_reuse(struct hg_guard *rested)
{
	for (struct hg_guard *next; rested; rested = next) {
		next = (struct hg_guard *)__atomic_load_n(&rested->value, __ATOMIC_RELAXED);
		hg_guard_recycle(rested);
	}
}
