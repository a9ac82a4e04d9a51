/* Who is whose child. What a value's next life is made from is written down before it begins, with its number: it holds
 * from the swap that begins that life, and from then on no more for the last one. In between that one has no ancestors,
 * nor has what was made from it.
 *
 * The number of children is kept with the generation that they belong to: those of an earlier life end uncounted.
 *
 * Held: an op that no frame can hold, on a descendant, and a free of one that is left to the last op to leave: between
 * that op's frame and the real call there is none. Such an op is what a frame is elsewhere (the first column of the
 * table in descendants.c); such a free counts itself while its call has a frame, and till whoever runs it has one. Who
 * waits looks at the count, scans the frames, and looks at the count again. */
#include "protocol/family.h"

#include "base/counters.h"
#include "format/image.h"
#include "format/record.h"
#include "protocol/children.h"
#include "protocol/guard_word.h"

static const uint64_t ONE_LIFE = UINT64_C(1) << 32; /* no limit: a place in the word */

/* `joined` holds the number of a life, without its highest bit, and whether that counts as its parent's child.
 * CHANGING: what it was made from is just written down. */
static const uint32_t COUNTS = 1, CHANGING = UINT32_MAX;

static uint64_t word_of(const struct hg_guard *guard)
{
	return atomic_load(&guard->word);
}

/* What a life was made from, as it was then. */
struct link {
	struct hg_guard *parent; /* null: nothing that is known */
	uint32_t generation;
	uint32_t joined; /* 0: no life ever has */
};

static bool swap_joined(struct hg_guard *guard, uint32_t *expected, uint32_t desired)
{
	return atomic_compare_exchange_strong(&hg_guard_more(guard)->joined, expected, desired);
}

/* Whether the link is that of this life. */
static bool is_of(const struct link *link, uint32_t generation)
{
	return link->joined != CHANGING && (link->joined | COUNTS) == (generation << 1 | COUNTS);
}

/* All of one link: no life joins twice. */
static struct link link_of(const struct hg_guard *guard)
{
	const struct hg_guard_more *more = hg_guard_more_if_any(guard);
	struct link link = {0};
	if (!more)
		return link;
	do {
		link.joined = atomic_load(&more->joined);
		link.parent = __atomic_load_n(&more->parent, __ATOMIC_ACQUIRE);
		link.generation = __atomic_load_n(&more->parent_generation, __ATOMIC_ACQUIRE);
	} while ((atomic_load(&more->joined) ^ link.joined) & ~COUNTS);
	return link;
}

/* The same of the present life. False: another one's is known alone. */
static bool link_now(const struct hg_guard *guard, struct link *link)
{
	*link = link_of(guard);
	if (!link->joined)
		link->parent = NULL;
	return !link->joined || is_of(link, hg_guard_generation(guard));
}

struct hg_guard *hg_family_parent_now(const struct hg_guard *guard)
{
	struct link link;
	bool known = link_now(guard, &link) && link.parent;
	return known && link.generation == hg_guard_generation(link.parent) ? link.parent : NULL;
}

static bool is_root(const struct hg_guard *guard)
{
	return guard->class->root == guard;
}

enum hg_children hg_family_policy(const struct hg_guard *guard)
{
	return (enum hg_children)hg_word_children(word_of(guard));
}

void hg_family_say(struct hg_guard *guard, uint32_t generation, enum hg_children children)
{
	atomic_store(&hg_guard_more(guard)->means, (uint64_t)generation << HG_WORD_GENERATION | (children + 1u));
}

enum hg_children hg_family_said(struct hg_guard *guard, uint32_t generation, enum hg_children otherwise)
{
	if (!(guard->class->flags & HG_CLASS_PARENT))
		return otherwise;
	uint64_t said = atomic_load(&hg_guard_more(guard)->means);
	return (uint32_t)said && hg_word_generation(said) == generation ? (enum hg_children)((uint32_t)said - 1)
	                                                                : otherwise;
}

/* Whether a free that keeps children has begun, or is over. */
static bool keeps(const struct hg_guard *guard, uint64_t word)
{
	return hg_children_can(guard->class, (enum hg_children)hg_word_children(word), HG_CHILDREN_KEPT);
}

/* --- how many --- */

static bool counts_children(const struct hg_guard *guard)
{
	return guard && guard->class->flags & HG_CLASS_PARENT;
}

static void count_child(struct hg_guard *parent, uint32_t generation)
{
	_Atomic uint64_t *children = &hg_guard_more(parent)->children;
	uint64_t count = atomic_load(children), next;
	do {
		/* A later life has begun: the child is one of a dead handle. */
		if (count >> 32 > generation)
			return;
		next = count >> 32 == generation ? count + 1 : generation * ONE_LIFE + 1;
	} while (!atomic_compare_exchange_weak(children, &count, next));
}

static void discount_child(struct hg_guard *parent, uint32_t generation)
{
	_Atomic uint64_t *children = &hg_guard_more(parent)->children;
	uint64_t count = atomic_load(children);
	while (count >> 32 == generation && (uint32_t)count &&
	       !atomic_compare_exchange_weak(children, &count, count - 1))
		;
	/* If it is gone and keeps its children, it counted for this one. */
	uint64_t word = word_of(parent);
	if (word & HG_WORD_FREED && keeps(parent, word))
		hg_family_quit(parent, generation);
}

void hg_family_count_none(struct hg_guard *guard, uint32_t generation)
{
	_Atomic uint64_t *children = &hg_guard_more(guard)->children;
	uint64_t count = counts_children(guard) ? atomic_load(children) : 0;
	while (count >> 32 == generation && (uint32_t)count &&
	       !atomic_compare_exchange_weak(children, &count, generation * ONE_LIFE))
		;
}

void hg_family_share(struct hg_guard *guard)
{
	uint64_t word = word_of(guard);
	while (word & HG_WORD_LIVE && hg_word_private(word) &&
	       !atomic_compare_exchange_weak(&guard->word, &word, word | HG_WORD_SHARED))
		;
}

static void stop_counting(struct hg_guard *guard, uint32_t generation)
{
	/* Loaded before the swap: whoever wins it has what belongs to this life. */
	struct link link = link_of(guard);
	if (is_of(&link, generation) && link.joined & COUNTS && swap_joined(guard, &link.joined, link.joined & ~COUNTS))
		discount_child(link.parent, link.generation);
}

/* Whether its children come from more generations than are looked at. */
static bool is_last_looked_at(const struct hg_guard *guard)
{
	int ancestors = 0;
	while (ancestors < HG_ANCESTORS && (guard = hg_family_parent(guard)))
		ancestors++;
	return ancestors == HG_ANCESTORS;
}

/* From here on the link is this call's to write. False: a later life has joined. */
static bool part(struct hg_guard *guard, uint32_t life)
{
	struct link before;
	do {
		before = link_of(guard);
		if (before.joined == CHANGING || (int32_t)((before.joined & ~COUNTS) - (life << 1)) > 0)
			return false;
	} while (!swap_joined(guard, &before.joined, CHANGING));
	if (before.joined & COUNTS)
		discount_child(before.parent, before.generation);
	return true;
}

void hg_family_join(struct hg_guard *guard, uint32_t life, struct hg_guard *parent)
{
	uint32_t generation = parent ? hg_guard_generation(parent) : 0;
	bool counts = counts_children(parent);
	if (!(guard->class->flags & HG_CLASS_MORE))
		return;
	struct hg_guard_more *more = hg_guard_more(guard);
	if (parent)
		hg_family_share(parent);
	if (!part(guard, life))
		return;
	hg_children_move(guard, more->parent, counts ? parent : NULL);
	__atomic_store_n(&more->parent_generation, generation, __ATOMIC_RELEASE);
	__atomic_store_n(&more->parent, parent, __ATOMIC_RELEASE);
	if (counts)
		count_child(parent, generation);
	atomic_store(&more->joined, life << 1 | (counts ? COUNTS : 0));
	if (parent && is_last_looked_at(parent))
		hg_count(HG_COUNTER_GENERATIONS_CUT);
}

/* Whoever comes last, the free that keeps the children or the end of the last of them, sees the other: both change a
 * word before they look at the other's. */
void hg_family_quit(struct hg_guard *guard, uint32_t generation)
{
	uint64_t word = word_of(guard);
	bool same = hg_word_generation(word) == generation;
	if (!same || !keeps(guard, word) || !hg_family_any(guard))
		stop_counting(guard, generation);
}

void hg_family_count_again(struct hg_guard *guard, uint32_t generation)
{
	struct link link = link_of(guard);
	if (is_of(&link, generation) && counts_children(link.parent) && !(link.joined & COUNTS) &&
	    swap_joined(guard, &link.joined, link.joined | COUNTS))
		count_child(link.parent, link.generation);
}

bool hg_family_is_out(const struct hg_guard *guard)
{
	const struct hg_guard_more *more = hg_guard_more_if_any(guard);
	return !more || !(atomic_load(&more->joined) & COUNTS);
}

bool hg_family_any(const struct hg_guard *guard)
{
	if (is_root(guard))
		return true;
	if (!counts_children(guard))
		return false;
	uint64_t count = atomic_load(&hg_guard_more((struct hg_guard *)guard)->children);
	return (uint32_t)count && count >> 32 == hg_guard_generation(guard);
}

bool hg_family_is_left(const struct hg_guard *guard)
{
	uint64_t word = word_of(guard);
	return word & HG_WORD_FREED && hg_word_children(word) == HG_CHILDREN_KEPT && hg_family_any(guard);
}

/* --- ancestors --- */

bool hg_family_is_child(const struct hg_guard *guard, const struct hg_guard *parent, uint32_t generation)
{
	struct link link;
	return link_now(guard, &link) && link.parent == parent && link.generation == generation;
}

bool hg_family_is_whole(const struct hg_guard *guard)
{
	struct link link;
	for (; link_now(guard, &link); guard = link.parent)
		if (!link.parent)
			return true;
		else if (link.generation != hg_guard_generation(link.parent))
			return false;
	return false;
}

/* Whether this child goes, or is gone, with the guard that it was made from, or that is its root. */
static bool takes_along(const struct hg_guard *guard, const struct hg_guard *child, enum hg_children *means)
{
	uint64_t word = word_of(guard);
	if (!hg_word_is_over(word))
		return false;
	*means = hg_children_of(guard->class, (enum hg_children)hg_word_children(word), child->class);
	return *means != HG_CHILDREN_KEPT;
}

struct hg_guard *hg_family_ended_how(struct hg_guard *guard, enum hg_children *means)
{
	for (int i = 0; guard && i < HG_ANCESTORS; i++) {
		struct hg_guard *parent = hg_family_parent(guard), *root = guard->class->root;
		if (root && takes_along(root, guard, means))
			return root;
		if (parent && takes_along(parent, guard, means))
			return parent;
		guard = parent;
	}
	return NULL;
}

/* --- what has no frame --- */

static bool can_be_held(const struct hg_guard *guard)
{
	return guard && (is_root(guard) || counts_children(guard));
}

static struct hg_guard *hold(struct hg_guard *guard)
{
	if (!can_be_held(guard))
		return NULL;
	atomic_fetch_add(&hg_guard_more(guard)->held, 1);
	return guard;
}

void hg_family_count(struct hg_guard *guard, struct hg_guard *held[HG_FAMILY_COUNTED])
{
	for (int i = 0; i < HG_ANCESTORS; i++) {
		struct hg_guard *root = guard ? guard->class->root : NULL;
		held[2 * i] = hold(root == guard ? NULL : root);
		guard = guard ? hg_family_parent(guard) : NULL;
		held[2 * i + 1] = hold(guard);
	}
}

bool hg_family_counted(const struct hg_guard *guard)
{
	return can_be_held(guard) && hg_family_policy(guard) != HG_CHILDREN_KEPT &&
	       atomic_load(&hg_guard_more((struct hg_guard *)guard)->held);
}
