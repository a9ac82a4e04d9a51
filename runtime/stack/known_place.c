/* A cache: each key may stand in one of a few places. Who reads while another thread puts another key there sees that
 * the key is not the same afterwards. */
#include "stack/known_place.h"

#include <stdatomic.h>
#include <stddef.h>

#include "base/mix.h"

enum { SETS = 1 << 11, WAYS = 4 }; /* no limit: what is forgotten is captured again */

static struct known {
	_Atomic uint64_t key; /* 0: none */
	_Atomic uint32_t stack;
} places[SETS][WAYS];
static _Atomic uint32_t turn;

static struct known *set_of(uint64_t key)
{
	return places[hg_mix(key, 0) >> 53];
}

void hg_known_place_keep(uint64_t key, uint32_t stack)
{
	struct known *set = set_of(key), *to = NULL;
	for (int i = 0; i < WAYS && !to; i++) {
		uint64_t found = atomic_load_explicit(&set[i].key, memory_order_relaxed);
		to = found == key || !found ? &set[i] : NULL;
	}
	to = to ? to : &set[atomic_fetch_add_explicit(&turn, 1, memory_order_relaxed) % WAYS];
	atomic_store(&to->key, 0);
	atomic_store(&to->stack, stack);
	atomic_store(&to->key, key);
}

bool hg_known_place_find(uint64_t key, uint32_t *stack)
{
	struct known *set = set_of(key);
	for (int i = 0; i < WAYS; i++) {
		if (atomic_load_explicit(&set[i].key, memory_order_acquire) != key)
			continue;
		*stack = atomic_load_explicit(&set[i].stack, memory_order_acquire);
		return atomic_load_explicit(&set[i].key, memory_order_relaxed) == key;
	}
	return false;
}
