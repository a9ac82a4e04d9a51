/* A trie over the bits of a hash: each node has 16 places, or 4 from a certain depth on, where most stand empty; each
 * is empty, a guard, or a deeper node (lowest bit set). A reader follows places downwards, and an insertion is one
 * compare-and-swap of one place. A guard that meets another in its place pushes it one level down. (A hash trie as in
 * P. Bagwell, "Ideal Hash Trees", 2001, without bitmaps.)
 *
 * What is taken out stays as it is until nobody can be reading it any more (visit.h). A node counts what stands in it
 * or is about to; once that is nothing it is closed, by a compare-and-swap that excludes whoever is about to. Then it
 * is cut off: by who closed it, or by the first who finds it closed, so that nobody waits for anybody. */
#include "protocol/handle_table.h"

#include "base/memory.h"
#include "protocol/class.h"
#include "protocol/guard_memory.h"
#include "protocol/shortcuts.h"
#include "thread/visit.h"

/* no limit: nodes go as deep as need be */
enum { WIDE_BITS = 4, NARROW_BITS = 2, WIDE = 1 << WIDE_BITS, NARROW = 1 << NARROW_BITS, COUNT_SHIFT = 48 };
/* no limit: with so many wide ones, nodes of a million guards would be half as large as these */
enum { WIDE_DEPTH = 5, WIDE_ALL = WIDE_DEPTH * WIDE_BITS };

struct node {
	_Atomic uintptr_t
	    place[NARROW]; /* or WIDE. Of one that was cut off, the first says which is the next, with CUT */
};

static const uintptr_t NODE = 1, CUT = 2, NARROW_ONE = 4, ONE = (uintptr_t)1 << COUNT_SHIFT;

static _Atomic uintptr_t root_places[WIDE];
static struct node *const root = (struct node *)root_places;
static _Atomic unsigned guards; /* that are in it */
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
	if (depth < WIDE_DEPTH)
		return hash >> depth * WIDE_BITS & (WIDE - 1);
	unsigned shift = WIDE_ALL + (depth - WIDE_DEPTH) * NARROW_BITS;
	/* no limit: beyond the bits of the hash come those of the class */
	return (shift < 64 ? hash >> shift : (uint64_t) class->index >> (shift - 64)) & (NARROW - 1);
}

static unsigned places_at(unsigned depth)
{
	return depth < WIDE_DEPTH ? WIDE : NARROW;
}

static _Atomic uintptr_t *place_of(const struct node *node, unsigned number)
{
	return (_Atomic uintptr_t *)node + number;
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
	struct end end = {.node = root};
	for (;;) {
		end.place = place_of(end.node, branch(class, hash, end.depth));
		end.held = atomic_load_explicit(end.place, memory_order_acquire);
		if (end.held & CUT) {
			end = (struct end){.node = root};
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
	return __atomic_load_n(&guard->value, __ATOMIC_RELAXED) == value &&
	       __atomic_load_n(&guard->class, __ATOMIC_RELAXED) == class;
}

static struct hg_guard *find_by_shortcut(const struct hg_class *class, uint64_t value, uint64_t hash)
{
	_Atomic uint64_t *place = hg_shortcut_at(hash);
	uint64_t held = place ? atomic_load(place) : 0;
	struct hg_guard *guard = hg_shortcut_guard(held);
	bool found = guard && matches(guard, class, value) && hg_guard_meet(guard) && atomic_load(place) == held;
	return found ? guard : NULL;
}

struct hg_guard *hg_table_find(const struct hg_class *class, uint64_t value)
{
	uint64_t hash = hash_of(class, value);
	struct hg_guard *guard = find_by_shortcut(class, value, hash);
	if (guard)
		return guard;
	guard = (struct hg_guard *)descend(class, hash).held;
	if (!guard || !matches(guard, class, value) || !hg_guard_meet(guard))
		return NULL;
	hg_shortcut_keep(hash, guard);
	return guard;
}

/* --- nodes that come and go --- */

static _Atomic uintptr_t cut_off, free_wide, free_narrow;

static void push_node(_Atomic uintptr_t *list, struct node *node, unsigned places)
{
	uintptr_t first = atomic_load(list), marks = CUT | (places == NARROW ? NARROW_ONE : 0);
	do
		atomic_store(&node->place[0], first | marks);
	while (!atomic_compare_exchange_weak(list, &first, (uintptr_t)node));
}

static struct node *next_of(const struct node *node)
{
	return (struct node *)(atomic_load(&node->place[0]) & ~(CUT | NARROW_ONE));
}

static _Atomic uintptr_t *free_nodes_of(unsigned places)
{
	return places == NARROW ? &free_narrow : &free_wide;
}

/* None comes back to the list while a visit lasts that has seen it there. */
static struct node *new_node(unsigned places)
{
	_Atomic uintptr_t *list = free_nodes_of(places);
	uintptr_t first = atomic_load(list);
	while (first && !atomic_compare_exchange_weak(list, &first, (uintptr_t)next_of((struct node *)first)))
		;
	return first ? (struct node *)first : hg_arena_take(&arena, places * sizeof(uintptr_t));
}

struct hg_nodes *hg_table_rest_nodes(void)
{
	return (struct hg_nodes *)atomic_exchange(&cut_off, 0);
}

void hg_table_reuse_nodes(struct hg_nodes *rested)
{
	for (struct node *node = (struct node *)rested, *next; node; node = next) {
		next = next_of(node);
		unsigned places = atomic_load(&node->place[0]) & NARROW_ONE ? NARROW : WIDE;
		for (unsigned i = 0; i < places; i++)
			atomic_store_explicit(place_of(node, i), 0, memory_order_relaxed);
		push_node(free_nodes_of(places), node, places);
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
	struct end end = {.node = root};
	for (;; end.depth++) {
		end.place = place_of(end.node, branch(class, hash, end.depth));
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
	while (node != root) {
		struct end end = above(class, hash, node);
		uintptr_t left;
		do
			left = end.held - ONE < ONE ? 0 : end.held - ONE;
		while (!atomic_compare_exchange_weak(end.place, &end.held, left));
		if (left)
			return;
		push_node(&cut_off, (struct node *)node, places_at(end.depth + 1));
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
		atomic_fetch_sub_explicit(&guards, 1, memory_order_relaxed);
		hg_shortcut_drop(hash, guard);
		unreserve(guard->class, hash, end.node);
		return;
	}
}

/* --- insertion --- */

/* Moves the guard that stands in `place` into a new node of its own there. */
static bool push_down(const struct end *end)
{
	struct hg_guard *guard = (struct hg_guard *)end->held;
	unsigned places = places_at(end->depth + 1);
	struct node *node = new_node(places);
	uintptr_t held = end->held;
	if (!node)
		return false;
	unsigned at = branch(guard->class, hash_of(guard->class, guard->value), end->depth + 1);
	atomic_store_explicit(&node->place[0], 0, memory_order_relaxed);
	atomic_store_explicit(place_of(node, at), held, memory_order_relaxed);
	/* Whoever wins a race made the same move, or took the guard out. */
	if (!atomic_compare_exchange_strong(end->place, &held, ((uintptr_t)node | NODE) + ONE))
		push_node(&cut_off, node, places);
	return true;
}

/* Puts the guard into the place, if that is empty still. */
static bool insert(const struct end *end, struct hg_guard *fresh, uint64_t hash)
{
	uintptr_t empty = 0;
	if (!reserve(end))
		return false;
	if (atomic_compare_exchange_strong(end->place, &empty, (uintptr_t)fresh)) {
		hg_shortcuts_make_room(atomic_fetch_add_explicit(&guards, 1, memory_order_relaxed) + 1);
		hg_shortcut_keep(hash, fresh);
		return true;
	}
	unreserve(fresh->class, hash, end->node);
	return false;
}

struct hg_guard *hg_table_obtain(const struct hg_class *class, uint64_t value)
{
	uint64_t hash = hash_of(class, value);
	struct hg_guard *fresh = NULL, *found = find_by_shortcut(class, value, hash);
	while (!found) {
		struct end end = descend(class, hash);
		struct hg_guard *there = (struct hg_guard *)end.held;
		if (there && matches(there, class, value)) {
			if (hg_guard_meet(there))
				hg_shortcut_keep(hash, found = there);
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

static void each_below(const struct node *node, unsigned depth, void (*visit)(struct hg_guard *, void *),
                       void *argument)
{
	for (unsigned i = 0; i < places_at(depth); i++) {
		uintptr_t held = atomic_load_explicit(place_of(node, i), memory_order_acquire);
		if (is_node(held))
			each_below(node_at(held), depth + 1, visit, argument);
		else if (held && !(held & CUT))
			visit((struct hg_guard *)held, argument);
	}
}

unsigned hg_table_size(void)
{
	return atomic_load_explicit(&guards, memory_order_relaxed);
}

void hg_table_each(void (*visit)(struct hg_guard *guard, void *argument), void *argument)
{
	struct hg_visit here = hg_visit_begin();
	each_below(root, 0, visit, argument);
	hg_visit_end(&here);
}
