/* A tie belongs to its child for good, and serves one parent after the other; the parent has its address among its
 * members. None is ever taken out of these two lists: what stands there and does not hold is made use of again.
 *
 * A tie's state counts up with each change, so that who reads one sees whether all of it was of one time. A member is
 * the tie's address with the state's count beside it: of a tie that has served elsewhere since, the place is free.
 *
 * Which store becomes visible to which load (C: the child's word, T: the tie, P: the parent's word, F: a frame on P):
 *
 *   free of the child         attaching call          op on the parent
 *   -----------------         --------------          ----------------
 *   C: LIVE -> FREEING        T: attached             store F
 *   each T: P: set ORPHAN     C: not LIVE?            light fence
 *   heavy fence                 P: set ORPHAN         load P
 *   scan every F                heavy fence
 *
 *   Between the first two columns all are sequentially consistent: either the free meets the tie, or the call meets the
 *   free. Between each of these and the third it is the argument of guard.c. The attaching call is in flight on the
 *   child itself until it has done so: the free waits for it, and scans again.
 *
 *   A scan that has passed over a frame on the parent, as there was no tie, may come to the attaching call's frame when
 *   that is gone. So it begins anew if ties were made meanwhile: the call counts them when it has done all else, before
 *   it clears its frame.
 *
 *   A call may detach the child while a free of it looks at the ops that it has met on the parent: they tell that free
 *   when they leave, and let it walk their stacks. So who leaves heeds ties that have been undone too, as long as they
 *   serve nowhere else. */
#include "protocol/ties.h"

#include "base/counters.h"
#include "base/memory.h"
#include "process/fence.h"
#include "protocol/family.h"
#include "protocol/guard_word.h"

struct hg_tie {
	struct hg_guard *child;
	struct hg_tie *next; /* of the child's */
	_Atomic uint64_t state;
	struct hg_guard *_Atomic parent;
	_Atomic uint64_t place;
	_Atomic uint32_t child_life, parent_life;
};

/* The lowest bits of a state, above which it counts. While it changes nobody reads what else there is. */
enum { LOOSE, CHANGING, ATTACHED, PHASES = 3, COUNT_ONE }; /* no limit: values of two bits */

enum { MEMBERS = 7 }; /* no limit: there is another block */
struct hg_members {
	struct hg_members *next; /* of the parent's */
	_Atomic uint64_t member[MEMBERS];
};

static struct hg_arena arena;

/* --- one tie --- */

/* Its parent and place, if it is, or was last, between the present lives of both; and whether it is. */
static bool is_between(const struct hg_tie *tie, struct hg_guard **parent, uint64_t *place, bool *is)
{
	uint64_t state;
	uint32_t child_life, parent_life;
	do {
		state = atomic_load(&tie->state);
		if ((state & PHASES) == CHANGING)
			return false;
		*parent = atomic_load(&tie->parent);
		*place = atomic_load(&tie->place);
		child_life = atomic_load(&tie->child_life);
		parent_life = atomic_load(&tie->parent_life);
	} while (atomic_load(&tie->state) != state);
	*is = (state & PHASES) == ATTACHED;
	return *parent && child_life == hg_guard_generation(tie->child) && parent_life == hg_guard_generation(*parent);
}

static bool holds(const struct hg_tie *tie, struct hg_guard **parent, uint64_t *place)
{
	bool is;
	return is_between(tie, parent, place, &is) && is;
}

static struct hg_tie *first_tie(const struct hg_guard *child)
{
	return hg_is_tied(child) ? atomic_load(&hg_guard_ties((struct hg_guard *)child)->ties) : NULL;
}

/* An undone one counts as it did. */
static bool swap_state(struct hg_tie *tie, uint64_t state, unsigned phase)
{
	uint64_t count = (state & ~(uint64_t)PHASES) + (phase == LOOSE ? 0 : COUNT_ONE);
	return atomic_compare_exchange_strong(&tie->state, &state, count + phase);
}

static void loosen(struct hg_tie *tie)
{
	uint64_t state = atomic_load(&tie->state);
	if ((state & PHASES) == ATTACHED)
		swap_state(tie, state, LOOSE);
}

/* A tie that does not hold, to be changed by this call alone. */
static struct hg_tie *take(struct hg_guard *child)
{
	struct hg_tie *_Atomic *first = &hg_guard_ties(child)->ties;
	struct hg_guard *parent;
	uint64_t place;
	for (struct hg_tie *tie = atomic_load(first); tie; tie = tie->next) {
		uint64_t state = atomic_load(&tie->state);
		if ((state & PHASES) != CHANGING && !holds(tie, &parent, &place) && swap_state(tie, state, CHANGING))
			return tie;
	}
	struct hg_tie *fresh = hg_arena_take(&arena, sizeof *fresh);
	if (!fresh)
		return NULL;
	fresh->child = child;
	atomic_store(&fresh->state, CHANGING);
	fresh->next = atomic_load(first);
	while (!atomic_compare_exchange_weak(first, &fresh->next, fresh))
		;
	return fresh;
}

/* --- members --- */

/* Of an address the lowest 4 bits and the highest 16 are zero. */
enum { TAG_BITS = 20, ADDRESS_SHIFT = 16 }; /* no limit: places in a word */

static uint64_t member_of(const struct hg_tie *tie, uint64_t state)
{
	return (uint64_t)tie << ADDRESS_SHIFT | (state / COUNT_ONE & ((1u << TAG_BITS) - 1));
}

/* The tie that a member is, if it holds, or (`undone`) did until just now; null: the place is free. */
static struct hg_tie *tie_of(uint64_t member, const struct hg_guard *parent, uint64_t *place, bool undone)
{
	struct hg_tie *tie = (struct hg_tie *)(member >> TAG_BITS << (TAG_BITS - ADDRESS_SHIFT));
	struct hg_guard *of;
	bool is;
	bool good = tie && member == member_of(tie, atomic_load(&tie->state)) && is_between(tie, &of, place, &is);
	return good && of == parent && (is || undone) ? tie : NULL;
}

static bool put_in(struct hg_members *block, const struct hg_guard *parent, uint64_t member)
{
	uint64_t place;
	for (int i = 0; i < MEMBERS; i++) {
		uint64_t there = atomic_load(&block->member[i]);
		if (!tie_of(there, parent, &place, false) &&
		    atomic_compare_exchange_strong(&block->member[i], &there, member))
			return true;
	}
	return false;
}

static bool add_member(struct hg_guard *parent, const struct hg_tie *tie, uint64_t state)
{
	struct hg_members *_Atomic *first = &hg_guard_ties(parent)->members;
	for (struct hg_members *block = atomic_load(first); block; block = block->next)
		if (put_in(block, parent, member_of(tie, state)))
			return true;
	struct hg_members *fresh = hg_arena_take(&arena, sizeof *fresh);
	if (!fresh)
		return false;
	atomic_store(&fresh->member[0], member_of(tie, state));
	fresh->next = atomic_load(first);
	while (!atomic_compare_exchange_weak(first, &fresh->next, fresh))
		;
	return true;
}

struct walk {
	const struct hg_guard *parent;
	bool (*visit)(struct hg_tie *tie, uint64_t place, void *argument); /* false: that will do */
	void *argument;
	bool undone; /* ties too that did hold until just now */
};

static bool each_member(const struct walk *walk)
{
	struct hg_members *block =
	    hg_is_tied(walk->parent) ? atomic_load(&hg_guard_ties((struct hg_guard *)walk->parent)->members) : NULL;
	for (; block; block = block->next)
		for (int i = 0; i < MEMBERS; i++) {
			uint64_t place;
			struct hg_tie *tie = tie_of(atomic_load(&block->member[i]), walk->parent, &place, walk->undone);
			if (tie && !walk->visit(tie, place, walk->argument))
				return false;
		}
	return true;
}

/* --- attaching and detaching --- */

static bool is_attached(const struct hg_guard *child, const struct hg_guard *parent, uint64_t place)
{
	struct hg_guard *of;
	uint64_t at;
	for (const struct hg_tie *tie = first_tie(child); tie; tie = tie->next)
		if (holds(tie, &of, &at) && of == parent && at == place)
			return true;
	return false;
}

void hg_tie(struct hg_guard *child, struct hg_guard *parent, uint64_t place)
{
	if (!hg_is_tied(child) || !hg_is_tied(parent) || is_attached(child, parent, place))
		return;
	if (place)
		hg_untie_all(parent, place, NULL);
	/* Its free must look at its parents' ops. */
	hg_family_share(child);
	struct hg_tie *tie = take(child);
	if (!tie) {
		hg_count(HG_COUNTER_MEMORY_REFUSED);
		return;
	}
	atomic_store(&tie->parent, parent);
	atomic_store(&tie->place, place);
	atomic_store(&tie->child_life, hg_guard_generation(child));
	atomic_store(&tie->parent_life, hg_guard_generation(parent));
	uint64_t state = (atomic_load(&tie->state) & ~(uint64_t)PHASES) + COUNT_ONE + ATTACHED;
	atomic_store(&tie->state, state);
	if (!add_member(parent, tie, state)) {
		hg_count(HG_COUNTER_MEMORY_REFUSED);
		loosen(tie);
	}
	if (hg_word_is_over(atomic_load(&child->word))) {
		hg_ties_mark(child);
		hg_fence_heavy();
	}
	atomic_fetch_add(&hg_guard_ties(child)->made, 1);
}

void hg_untie(struct hg_guard *child, const struct hg_guard *parent)
{
	struct hg_guard *of;
	uint64_t place;
	for (struct hg_tie *tie = first_tie(child); tie; tie = tie->next)
		if (holds(tie, &of, &place) && (!parent || of == parent))
			loosen(tie);
}

void hg_untie_ended(struct hg_guard *child, uint32_t generation)
{
	for (struct hg_tie *tie = first_tie(child); tie; tie = tie->next) {
		uint64_t state = atomic_load(&tie->state);
		if ((state & PHASES) == ATTACHED && atomic_load(&tie->child_life) == generation)
			swap_state(tie, state, LOOSE);
	}
}

struct untying {
	uint64_t place;
	const struct hg_class *class;
};

static bool loosen_at(struct hg_tie *tie, uint64_t place, void *argument)
{
	const struct untying *what = argument;
	if ((!what->place || what->place == place) && (!what->class || what->class == tie->child->class))
		loosen(tie);
	return true;
}

void hg_untie_all(struct hg_guard *parent, uint64_t place, const struct hg_class *class)
{
	struct untying what = {place, class};
	each_member(&(struct walk){parent, loosen_at, &what, false});
}

/* --- what follows from them --- */

static bool leads(const struct hg_guard *from, const struct hg_guard *to, int deep)
{
	struct hg_guard *parent;
	uint64_t place;
	for (const struct hg_tie *tie = first_tie(to); tie; tie = tie->next)
		if (holds(tie, &parent, &place) && (parent == from || (deep > 1 && leads(from, parent, deep - 1))))
			return true;
	return false;
}

bool hg_tie_leads(const struct hg_guard *from, const struct hg_guard *to)
{
	return hg_is_tied(from) && leads(from, to, HG_TIES_DEEP);
}

/* The mark of an ancestor's free keeps what that one means. */
static void mark(struct hg_guard *guard)
{
	uint64_t word = atomic_load(&guard->word);
	while (word & HG_WORD_LIVE &&
	       !atomic_compare_exchange_weak(&guard->word, &word, hg_word_marked(word, hg_word_children(word))))
		;
}

static void mark_parents(struct hg_guard *child, int deep)
{
	struct hg_guard *parent;
	uint64_t place;
	for (struct hg_tie *tie = first_tie(child); tie; tie = tie->next)
		if (holds(tie, &parent, &place)) {
			mark(parent);
			if (deep > 1)
				mark_parents(parent, deep - 1);
			else if (first_tie(parent))
				hg_count(HG_COUNTER_GENERATIONS_CUT);
		}
}

void hg_ties_mark(struct hg_guard *child)
{
	mark_parents(child, HG_TIES_DEEP);
}

struct descent {
	void (*visit)(struct hg_guard *child, void *argument); /* null: until one has ended */
	void *argument;
	struct hg_guard *ended;
	int deep;
};

/* What has been leaked is there still. */
static bool has_ended(const struct hg_guard *child)
{
	return atomic_load(&child->word) & (HG_WORD_FREEING | HG_WORD_FREED);
}

static bool descend(struct hg_tie *tie, uint64_t place, void *argument)
{
	struct descent *descent = argument;
	(void)place;
	if (descent->visit)
		descent->visit(tie->child, descent->argument);
	else if (has_ended(tie->child))
		descent->ended = tie->child;
	if (descent->ended)
		return false;
	bool goes_on = true;
	if (--descent->deep)
		goes_on = each_member(&(struct walk){tie->child, descend, descent, descent->visit});
	descent->deep++;
	return goes_on;
}

struct hg_guard *hg_tie_ended(const struct hg_guard *parent)
{
	struct descent descent = {.deep = HG_TIES_DEEP};
	each_member(&(struct walk){parent, descend, &descent, false});
	return descent.ended;
}

void hg_ties_each(const struct hg_guard *parent, void (*visit)(struct hg_guard *child, void *argument), void *argument)
{
	struct descent descent = {.visit = visit, .argument = argument, .deep = HG_TIES_DEEP};
	each_member(&(struct walk){parent, descend, &descent, true});
}

static bool any_counted(const struct hg_guard *child, int deep)
{
	struct hg_guard *parent;
	uint64_t place;
	for (const struct hg_tie *tie = first_tie(child); tie; tie = tie->next)
		if (holds(tie, &parent, &place) &&
		    (hg_word_frameless(atomic_load(&parent->word)) || (deep > 1 && any_counted(parent, deep - 1))))
			return true;
	return false;
}

bool hg_ties_counted(const struct hg_guard *child)
{
	return any_counted(child, HG_TIES_DEEP);
}

bool hg_ties_any(const struct hg_guard *child)
{
	struct hg_guard *parent;
	uint64_t place;
	for (const struct hg_tie *tie = first_tie(child); tie; tie = tie->next)
		if (holds(tie, &parent, &place))
			return true;
	return false;
}

static uint64_t made(const struct hg_guard *child, int deep)
{
	struct hg_guard *parent;
	uint64_t place, often = atomic_load(&hg_guard_ties((struct hg_guard *)child)->made);
	for (const struct hg_tie *tie = deep > 1 ? first_tie(child) : NULL; tie; tie = tie->next)
		if (holds(tie, &parent, &place))
			often += made(parent, deep - 1);
	return often;
}

uint64_t hg_ties_made(const struct hg_guard *child)
{
	return hg_is_tied(child) ? made(child, HG_TIES_DEEP) : 0;
}
