/* A trie over the bits of a hash: each node has 16 places, each empty, a guard, or a deeper node (lowest bit set).
 * A reader follows places downwards, and an insertion is one compare-and-swap of one place. A guard that meets another
 * in its place pushes it one level down. (A hash trie as in P. Bagwell, "Ideal Hash Trees", 2001, without bitmaps.)
 *
 * What is taken out stays as it is until nobody can be reading it any more (visit.h). A node counts what stands in it
 * or is about to; once that is nothing it is closed, by a compare-and-swap that excludes whoever is about to. Then it
 * is cut off: by who closed it, or by the first who finds it closed, so that nobody waits for anybody. */
#include "protocol/handle_table.h"

#include "base/memory.h"
#include "protocol/class.h"
#include "protocol/guard_memory.h"
#include "thread/visit.h"

/* no limit: nodes go as deep as need be */
enum { FANOUT_BITS = 4, FANOUT = 1 << FANOUT_BITS, COUNT_SHIFT = 48 };

struct node {
	_Atomic uintptr_t place[FANOUT]; /* of one that was cut off, the first says which is the next, with CUT */
};

static const uintptr_t NODE = 1, CUT = 2, ONE = (uintptr_t)1 << COUNT_SHIFT;

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
	return place & NODE;
}

static struct node *node_at(uintptr_t place)
{
	return (struct node *)(place & (ONE - 1) & ~NODE);
}

/* Where the walk by a hash ends: a place that holds a guard or nothing. */
struct end {
	_Atomic uintptr_t *place, *above; /* that its node hangs from; null: it is the root */
	const struct node *node;
	uintptr_t held;
	unsigned depth;
};

static struct end descend(const struct hg_class *class, uint64_t hash)
{
	struct end end = {.node = &root};
	for (;;) {
		end.place = &((struct node *)end.node)->place[branch(class, hash, end.depth)];
		end.held = atomic_load_explicit(end.place, memory_order_acquire);
		if (end.held & CUT) {
			end = (struct end){.node = &root};
			continue;
		}
		if (!is_node(end.held))
			return end;
		end.above = end.place;
		end.node = node_at(end.held);
		end.depth++;
	}
}

static bool matches(const struct hg_guard *guard, const struct hg_class *class, uint64_t value)
{
	return guard->value == value && guard->class == class;
}

struct hg_guard *hg_table_find(const struct hg_class *class, uint64_t value)
{
	struct hg_guard *guard = (struct hg_guard *)descend(class, hash_of(class, value)).held;
	return guard && matches(guard, class, value) && hg_guard_meet(guard) ? guard : NULL;
}

/* --- nodes that come and go --- */

static _Atomic uintptr_t cut_off, free_nodes;

static void push_node(_Atomic uintptr_t *list, struct node *node)
{
	uintptr_t first = atomic_load(list);
	do
		atomic_store(&node->place[0], first | CUT);
	while (!atomic_compare_exchange_weak(list, &first, (uintptr_t)node));
}

static struct node *next_of(const struct node *node)
{
	return (struct node *)(atomic_load(&node->place[0]) & ~CUT);
}

/* None comes back to the list while a visit lasts that has seen it there. */
static struct node *new_node(void)
{
	uintptr_t first = atomic_load(&free_nodes);
	while (first && !atomic_compare_exchange_weak(&free_nodes, &first, (uintptr_t)next_of((struct node *)first)))
		;
	return first ? (struct node *)first : hg_arena_take(&arena, sizeof(struct node));
}

struct hg_nodes *hg_table_rest_nodes(void)
{
	return (struct hg_nodes *)atomic_exchange(&cut_off, 0);
}

void hg_table_reuse_nodes(struct hg_nodes *rested)
{
	for (struct node *node = (struct node *)rested, *next; node; node = next) {
		next = next_of(node);
		for (unsigned i = 0; i < FANOUT; i++)
			atomic_store_explicit(&node->place[i], 0, memory_order_relaxed);
		push_node(&free_nodes, node);
	}
}

/* Counts one more of the node at the walk's end. False: it has been cut off. */
static bool reserve(const struct end *end)
{
	uintptr_t held = end->above ? atomic_load(end->above) : 0;
	while (end->above && is_node(held) && node_at(held) == end->node)
		if (atomic_compare_exchange_weak(end->above, &held, held + ONE))
			return true;
	return !end->above;
}

/* The place that a node hangs from, which is on the way of this hash, and that which this one's node hangs from. */
static struct end above(const struct hg_class *class, uint64_t hash, const struct node *node)
{
	struct end end = {.node = &root};
	for (;; end.depth++) {
		end.place = &((struct node *)end.node)->place[branch(class, hash, end.depth)];
		end.held = atomic_load_explicit(end.place, memory_order_acquire);
		if (node_at(end.held) == node)
			return end;
		end.above = end.place;
		end.node = node_at(end.held);
	}
}

/* One less of the node: the last one cuts it off, which is one less of the node above. What is counted keeps the node
 * where it hangs. */
static void unreserve(const struct hg_class *class, uint64_t hash, const struct node *node)
{
	while (node != &root) {
		struct end end = above(class, hash, node);
		uintptr_t left;
		do
			left = end.held - ONE < ONE ? 0 : end.held - ONE;
		while (!atomic_compare_exchange_weak(end.place, &end.held, left));
		if (left)
			return;
		push_node(&cut_off, (struct node *)node);
		node = end.node;
	}
}

void hg_table_remove(struct hg_guard *guard)
{
	uint64_t hash = hash_of(guard->class, guard->value);
	for (;;) {
		struct end end = descend(guard->class, hash);
		uintptr_t held = (uintptr_t)guard;
		if (end.held != held)
			return; /* somebody else has taken it out */
		if (!atomic_compare_exchange_strong(end.place, &held, 0))
			continue;
		unreserve(guard->class, hash, end.node);
		return;
	}
}

/* --- insertion --- */

/* Moves the guard that stands in `place` into a new node of its own there. */
static bool push_down(const struct end *end)
{
	struct hg_guard *guard = (struct hg_guard *)end->held;
	struct node *node = new_node();
	uintptr_t held = end->held;
	if (!node)
		return false;
	unsigned at = branch(guard->class, hash_of(guard->class, guard->value), end->depth + 1);
	atomic_store_explicit(&node->place[0], 0, memory_order_relaxed);
	atomic_store_explicit(&node->place[at], held, memory_order_relaxed);
	/* Whoever wins a race made the same move, or took the guard out. */
	if (!atomic_compare_exchange_strong(end->place, &held, ((uintptr_t)node | NODE) + ONE))
		push_node(&cut_off, node);
	return true;
}

/* Puts the guard into the place, if that is empty still. */
static bool insert(const struct end *end, struct hg_guard *fresh, uint64_t hash)
{
	uintptr_t empty = 0;
	if (!reserve(end))
		return false;
	if (atomic_compare_exchange_strong(end->place, &empty, (uintptr_t)fresh))
		return true;
	unreserve(fresh->class, hash, end->node);
	return false;
}

struct hg_guard *hg_table_obtain(const struct hg_class *class, uint64_t value)
{
	uint64_t hash = hash_of(class, value);
	struct hg_guard *fresh = NULL, *found = NULL;
	while (!found) {
		struct end end = descend(class, hash);
		struct hg_guard *there = (struct hg_guard *)end.held;
		if (there && matches(there, class, value)) {
			if (hg_guard_meet(there))
				found = there;
			else
				hg_table_remove(there);
		} else if (there) {
			if (!push_down(&end))
				break;
		} else if (!fresh && !(fresh = hg_guard_new(class, value)))
			break;
		else if (insert(&end, fresh, hash))
			return fresh;
	}
	if (fresh)
		hg_guard_discard(fresh);
	return found;
}

static void each_below(struct node *node, void (*visit)(struct hg_guard *, void *), void *argument)
{
	for (unsigned i = 0; i < FANOUT; i++) {
		uintptr_t held = atomic_load_explicit(&node->place[i], memory_order_acquire);
		if (is_node(held))
			each_below(node_at(held), visit, argument);
		else if (held && !(held & CUT))
			visit((struct hg_guard *)held, argument);
	}
}

void hg_table_each(void (*visit)(struct hg_guard *guard, void *argument), void *argument)
{
	struct hg_visit here = hg_visit_begin();
	each_below(&root, visit, argument);
	hg_visit_end(&here);
}
