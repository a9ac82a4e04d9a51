/* A set of places is one line of memory. A place holds a guard, and above its address a part of the hash, so that the
 * guards in a set need not be looked at. When there are to be more sets, all places are cleared: a guard stands where
 * the present number of sets has it, or nowhere. Who keeps one looks afterwards whether that is still the number, so
 * that either the clearing meets what was stored, or it is taken back. */
#include "protocol/shortcuts.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"
#include "base/sys.h"
#include "protocol/guard_memory.h"

enum { WAYS = 8, TAG_SHIFT = 48 }; /* no limit: one line of memory */
/* no limit: what has no place is found in the table */
enum { FEWEST_BITS = 7, MOST_BITS = 22, SIZE = 8 << MOST_BITS };

static _Atomic uint64_t *_Atomic places;
static _Atomic unsigned bits; /* of the number of places; 0: there are none */

static _Atomic uint64_t *set_of(uint64_t hash, unsigned in_bits)
{
	uint64_t number = hash >> (64 - in_bits) & ~(uint64_t)(WAYS - 1);
	return &atomic_load_explicit(&places, memory_order_relaxed)[number];
}

static uint64_t tag_of(uint64_t hash)
{
	return hash << TAG_SHIFT;
}

static bool has_tag(uint64_t held, uint64_t tag)
{
	return (held ^ tag) >> TAG_SHIFT == 0;
}

struct hg_guard *hg_shortcut_guard(uint64_t held)
{
	return (struct hg_guard *)(held & ((UINT64_C(1) << TAG_SHIFT) - 1));
}

/* All places are asked, whichever it is: no branch hangs on memory that is far away. */
_Atomic uint64_t *hg_shortcut_at(uint64_t hash)
{
	unsigned now = atomic_load_explicit(&bits, memory_order_acquire);
	if (!now)
		return NULL;
	_Atomic uint64_t *set = set_of(hash, now), *found = NULL;
	uint64_t tag = tag_of(hash);
#pragma GCC unroll 8
	for (unsigned i = 0; i < WAYS; i++)
		found = has_tag(atomic_load_explicit(&set[i], memory_order_relaxed), tag) ? &set[i] : found;
	return found;
}

static void clear(_Atomic uint64_t *set, const struct hg_guard *guard)
{
	for (unsigned i = 0; i < WAYS; i++) {
		uint64_t held = atomic_load(&set[i]);
		if (hg_shortcut_guard(held) == guard)
			atomic_compare_exchange_strong(&set[i], &held, 0);
	}
}

void hg_shortcut_drop(uint64_t hash, const struct hg_guard *guard)
{
	unsigned now = atomic_load(&bits);
	if (now)
		clear(set_of(hash, now), guard);
}

/* One that is empty, or else one of the set's in turn. */
static _Atomic uint64_t *place_in(_Atomic uint64_t *set, uint64_t hash)
{
	for (unsigned i = 0; i < WAYS; i++)
		if (!atomic_load_explicit(&set[i], memory_order_relaxed))
			return &set[i];
	return &set[hash >> 16 & (WAYS - 1)];
}

void hg_shortcut_keep(uint64_t hash, struct hg_guard *guard)
{
	unsigned now = atomic_load(&bits);
	if (!now)
		return;
	_Atomic uint64_t *set = set_of(hash, now);
	atomic_store(place_in(set, hash), (uint64_t)guard | tag_of(hash));
	if (atomic_load(&guard->dead) & HG_DEAD_GONE || atomic_load(&bits) != now)
		clear(set, guard);
}

static bool has_places(void)
{
	_Atomic uint64_t *none = NULL, *fresh;
	if (atomic_load(&places))
		return true;
	fresh = hg_map_aligned(SIZE);
	if (fresh && !atomic_compare_exchange_strong(&places, &none, fresh))
		hg_syscall(SYS_munmap, (long)fresh, SIZE, 0, 0, 0, 0);
	return atomic_load(&places);
}

void hg_shortcuts_make_room(unsigned guards)
{
	unsigned now = atomic_load_explicit(&bits, memory_order_relaxed);
	/* Three quarters full: more would push each other out. */
	if (now == MOST_BITS || guards <= (now ? 3u << now >> 2 : 1u << FEWEST_BITS >> 1) || !has_places())
		return;
	if (!atomic_compare_exchange_strong(&bits, &now, now ? now + 1 : FEWEST_BITS))
		return;
	atomic_thread_fence(memory_order_seq_cst);
	_Atomic uint64_t *place = atomic_load(&places);
	uint64_t size = now ? UINT64_C(16) << now : 0;
	/* To look up which memory a place is in costs as much as the place itself. */
	if (size >= HG_LARGE_PAGE)
		hg_prefer_large_pages(place, size);
	for (size_t i = 0; now && i < (size_t)1 << now; i++)
		atomic_store_explicit(&place[i], 0, memory_order_relaxed);
}

/* Whoever kept a guard in the parent may have been about to take it back. */
void hg_shortcuts_forked(void)
{
	if (atomic_load(&places))
		hg_syscall(SYS_madvise, (long)atomic_load(&places), SIZE, MADV_DONTNEED, 0, 0, 0);
}
