/* A trie over the bits of a hash: each node has 16 places, each empty, a guard, or a deeper node (lowest bit set).
 * Nothing is ever removed or moved out of reach, so a reader needs no protection: it follows places downwards, and an
 * insertion is one compare-and-swap of one place. A guard that meets another in its place pushes it one level down.
 * (A hash trie as in P. Bagwell, "Ideal Hash Trees", 2001, without bitmaps and without removal.) */
#include "handle_table.h"

#include "claims.h"
#include "memory.h"

enum { FANOUT_BITS = 4, FANOUT = 1 << FANOUT_BITS }; /* no limit: nodes go as deep as need be */

struct node {
	_Atomic uintptr_t place[FANOUT];
};

static struct node root;
static struct hg_arena arena;

/* Bijective on the value (the finalizer of SplitMix64, S. Vigna), so within a class no two hashes are the same. */
static uint64_t hash_of(const struct hg_class *class, uint64_t value)
{
	uint64_t hash = value + (uint64_t) class->index * UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
	return hash ^ (hash >> 31);
}

/* Which place of a node at this depth. Guards of two classes whose hashes agree in all 64 bits part by class index. */
static unsigned branch(const struct hg_class *class, uint64_t hash, unsigned depth)
{
	unsigned shift = depth * FANOUT_BITS;
	/* no limit: beyond the bits of the hash come those of the class */
	return (shift < 64 ? hash >> shift : (uint64_t) class->index >> (shift - 64)) & (FANOUT - 1);
}

static bool is_node(uintptr_t place)
{
	return place & 1;
}

static struct node *node_at(uintptr_t place)
{
	return (struct node *)(place - 1);
}

/* The place, at this depth or below, where the walk by this hash ends; it holds a guard or nothing. */
static _Atomic uintptr_t *descend(const struct hg_class *class, uint64_t hash, unsigned *depth, struct node *from)
{
	for (struct node *node = from;; ++*depth) {
		_Atomic uintptr_t *place = &node->place[branch(class, hash, *depth)];
		uintptr_t held = atomic_load_explicit(place, memory_order_acquire);
		if (!is_node(held))
			return place;
		node = node_at(held);
	}
}

static bool matches(const struct hg_guard *guard, const struct hg_class *class, uint64_t value)
{
	return guard->value == value && guard->class == class;
}

struct hg_guard *hg_table_find(const struct hg_class *class, uint64_t value)
{
	unsigned depth = 0;
	_Atomic uintptr_t *place = descend(class, hash_of(class, value), &depth, &root);
	uintptr_t held = atomic_load_explicit(place, memory_order_acquire);
	/* The place may have become a node since: then the guard that was there is below it, so look again. */
	if (is_node(held))
		return hg_table_find(class, value);
	struct hg_guard *guard = (struct hg_guard *)held;
	return guard && matches(guard, class, value) ? guard : NULL;
}

/* Moves the guard that stands in `place` into a new node of its own there. */
static bool push_down(_Atomic uintptr_t *place, uintptr_t held, unsigned depth)
{
	struct hg_guard *guard = (struct hg_guard *)held;
	struct node *node = hg_arena_take(&arena, sizeof *node);
	if (!node)
		return false;
	unsigned at = branch(guard->class, hash_of(guard->class, guard->value), depth + 1);
	atomic_store_explicit(&node->place[at], held, memory_order_relaxed);
	/* A lost race wastes the node; whoever won made the same move. */
	atomic_compare_exchange_strong(place, &held, (uintptr_t)node | 1);
	return true;
}

static struct hg_guard *new_guard(const struct hg_class *class, uint64_t value)
{
	size_t more = class->flags & HG_CLASS_MORE ? sizeof(struct hg_guard_more) : 0;
	more += class->flags & HG_CLASS_SHARED ? sizeof(struct hg_guard_claims) : 0;
	struct hg_guard *guard = hg_arena_take(&arena, sizeof *guard + more);
	if (guard) {
		guard->class = class;
		guard->value = value;
	}
	return guard;
}

struct hg_guard *hg_table_obtain(const struct hg_class *class, uint64_t value)
{
	uint64_t hash = hash_of(class, value);
	struct hg_guard *fresh = NULL;
	for (;;) {
		unsigned depth = 0;
		_Atomic uintptr_t *place = descend(class, hash, &depth, &root);
		uintptr_t held = atomic_load_explicit(place, memory_order_acquire);
		if (is_node(held))
			continue;
		if (held && matches((struct hg_guard *)held, class, value))
			return (struct hg_guard *)held;
		if (held) {
			if (!push_down(place, held, depth))
				return NULL;
			continue;
		}
		if (!fresh && !(fresh = new_guard(class, value)))
			return NULL;
		if (atomic_compare_exchange_strong(place, &held, (uintptr_t)fresh))
			return fresh;
	}
}

static void each_below(struct node *node, void (*visit)(struct hg_guard *, void *), void *argument)
{
	for (unsigned i = 0; i < FANOUT; i++) {
		uintptr_t held = atomic_load_explicit(&node->place[i], memory_order_acquire);
		if (is_node(held))
			each_below(node_at(held), visit, argument);
		else if (held)
			visit((struct hg_guard *)held, argument);
	}
}

void hg_table_each(void (*visit)(struct hg_guard *guard, void *argument), void *argument)
{
	each_below(&root, visit, argument);
}
