/* What becomes of a handle's descendants when a free of it begins: they are marked (ORPHAN), so that every later use of
 * one is noticed on its slow path.
 *
 * Which store becomes visible to which load (P: the parent's word, C: a child's, F: a frame on the child):
 *
 *   op or free of a child       free of the parent         create of a child
 *   ---------------------       ------------------         -----------------
 *   store F                     P: LIVE -> FREEING         list C with P, begin a life
 *   light fence                 C: set ORPHAN              load P: not LIVE? set ORPHAN
 *   load C                      heavy fence
 *                               scan every F
 *
 * A mark is taken back by whoever finds that no ancestor's free has begun, after it has loaded the marked word: a free
 * that begins then marks once more, which changes the word, and the swap that would take the mark back fails. The marks
 * that a free has set are taken back after its word says that it has failed; so a create that marks its new life, and
 * then finds the ancestor alive, takes back itself what that free may have missed.
 *
 *   Between the first two columns it is the argument of guard.c with C in the place of its W: who did not see ORPHAN is
 *   seen by the scan. Between the last two: all are sequentially consistent, so either the free meets the new life
 *   or the create meets the free. */
#include "protocol/descendants.h"

#include "format/image.h"
#include "process/fence.h"
#include "protocol/children.h"
#include "protocol/closed.h"
#include "protocol/dead.h"
#include "protocol/end.h"
#include "protocol/family.h"
#include "protocol/guard_memory.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "protocol/live.h"
#include "protocol/ties.h"
#include "thread/event.h"
#include "thread/visit.h"

static uint64_t word_of(const struct hg_guard *guard)
{
	return atomic_load(&guard->word);
}

/* --- who --- */

struct walk {
	const struct hg_guard *from;
	uint32_t generation;
	enum hg_children said; /* of the children of `from` */
	unsigned wanted;       /* a bit for each enum hg_children that this must mean for a descendant to be visited */
	bool all;              /* also what was forgotten by a free of one in between */
	/* Given the word as it was when the ancestors were looked at; false: it is another one now, given back. */
	bool (*visit)(struct hg_guard *descendant, uint64_t *word, enum hg_children means, const void *argument);
	const void *argument;
};

#define WANTED(children) (1u << (children))
static const unsigned ALL = WANTED(HG_CHILDREN_BY_CLASS) - 1, LOST = ALL & ~WANTED(HG_CHILDREN_KEPT),
                      LEFT_BEHIND = WANTED(HG_CHILDREN_ORPHANED) | WANTED(HG_CHILDREN_REFUSED);

/* Whether this guard's free left such a child with what is gone. */
static bool forgot(const struct hg_guard *guard, const struct hg_guard *child)
{
	uint64_t word = word_of(guard);
	enum hg_children said = (enum hg_children)hg_word_children(word);
	return word & HG_WORD_FREED && WANTED(hg_children_of(guard->class, said, child->class)) & LEFT_BEHIND;
}

/* *means: what is said of the one of its ancestors, or of the guard itself, that was made from there. */
static bool descends(const struct hg_guard *guard, const struct walk *walk, enum hg_children *means)
{
	for (int i = 0; guard && i < HG_ANCESTORS; i++) {
		const struct hg_guard *child = guard;
		if (guard->class->root == walk->from || hg_family_is_child(guard, walk->from, walk->generation)) {
			*means = hg_children_of(walk->from->class, walk->said, guard->class);
			return WANTED(*means) & walk->wanted;
		}
		guard = hg_family_parent(guard);
		if (guard && !walk->all && forgot(guard, child))
			return false;
	}
	return false;
}

static void meet(struct hg_guard *guard, void *argument)
{
	const struct walk *walk = argument;
	enum hg_children means;
	/* The word before the ancestors: the value may begin another life, from another parent, at any time. */
	uint64_t word = word_of(guard);
	while (word & HG_WORD_LIVE && descends(guard, walk, &means) &&
	       !walk->visit(guard, &word, means, walk->argument))
		;
}

struct level {
	struct walk *walk;
	struct hg_guard *parent;
	uint32_t generation;
	int deep;
};

/* As `meet` asks again for all the ancestors, it does no harm that some may have begun another life meanwhile. */
static void meet_down(struct hg_guard *child, void *argument)
{
	const struct level *level = argument;
	struct level below = {level->walk, child, hg_guard_generation(child), level->deep + 1};
	if (!hg_family_is_child(child, level->parent, level->generation))
		return;
	meet(child, level->walk);
	if (child->class->flags & HG_CLASS_PARENT && below.deep < HG_ANCESTORS)
		hg_children_each(child, meet_down, &below);
}

void hg_family_children(struct hg_guard *guard, void (*visit)(struct hg_guard *child, void *argument), void *argument)
{
	if (!(guard->class->flags & HG_CLASS_PARENT))
		return;
	struct hg_visit here = hg_visit_begin();
	if (hg_children_are_missing())
		hg_guards_each_with_more(visit, argument);
	else
		hg_children_each(guard, visit, argument);
	hg_visit_end(&here);
}

static void each_below(struct hg_guard *guard, struct walk *walk)
{
	struct level level = {walk, guard, walk->generation, 0};
	struct hg_visit here = hg_visit_begin();
	hg_children_each(guard, meet_down, &level);
	hg_visit_end(&here);
}

static void each(struct hg_guard *guard, struct walk *walk)
{
	/* A root's descendants may be of classes that keep nothing of others. */
	if (guard->class->root == guard) {
		hg_table_each(meet, walk);
		return;
	}
	/* Children are not counted beyond their parent's life. */
	if (!(guard->class->flags & HG_CLASS_PARENT) ||
	    (walk->generation == hg_guard_generation(guard) && !hg_family_any(guard)))
		return;
	if (hg_children_are_missing())
		hg_guards_each_with_more(meet, walk);
	else
		each_below(guard, walk);
}

struct look {
	void (*visit)(struct hg_guard *descendant, void *argument);
	void *argument;
};

static bool look_at(struct hg_guard *guard, uint64_t *word, enum hg_children means, const void *argument)
{
	const struct look *look = argument;
	(void)word;
	(void)means;
	look->visit(guard, look->argument);
	return true;
}

void hg_family_each(struct hg_guard *guard, uint32_t generation, enum hg_children said, unsigned wanted,
                    void (*visit)(struct hg_guard *descendant, void *argument), void *argument)
{
	struct look look = {visit, argument};
	each(guard, &(struct walk){guard, generation, said, wanted, false, look_at, &look});
}

void hg_family_orphans(struct hg_guard *guard, uint32_t generation, enum hg_children said,
                       void (*visit)(struct hg_guard *descendant, void *argument), void *argument)
{
	hg_family_each(guard, generation, said, LEFT_BEHIND, visit, argument);
}

static void note_any(struct hg_guard *descendant, void *any)
{
	(void)descendant;
	*(bool *)any = true;
}

bool hg_family_refuses(struct hg_guard *guard, enum hg_children said)
{
	bool any = said == HG_CHILDREN_REFUSED && hg_family_any(guard);
	if (said >= HG_CHILDREN_BY_CLASS && hg_children_can(guard->class, said, HG_CHILDREN_REFUSED))
		hg_family_each(guard, hg_guard_generation(guard), said, WANTED(HG_CHILDREN_REFUSED), note_any, &any);
	return any;
}

/* --- marks --- */

static bool mark(struct hg_guard *guard, uint64_t *word, enum hg_children means, const void *unused)
{
	uint64_t marked = hg_word_marked(*word, means);
	(void)unused;
	return atomic_compare_exchange_strong(&guard->word, word, marked);
}

/* An ancestor's value may have begun another life since it was asked for the end of this one: then it has ended too. */
static bool unmark(struct hg_guard *guard, uint64_t *word, enum hg_children means, const void *unused)
{
	(void)unused;
	if (!(*word & HG_WORD_ORPHAN) || hg_guard_is_closed(guard) || hg_family_ended_how(guard, &means) ||
	    !hg_family_is_whole(guard) || hg_tie_ended(guard))
		return true;
	return atomic_compare_exchange_strong(&guard->word, word, hg_word_unmarked(*word));
}

/* Marks a life if it ends with an ancestor. That one's free may fail while it is marked: whoever takes its marks back
 * then has seen this one, or it is taken back here. */
static void mark_if_ended(struct hg_guard *guard, uint32_t generation)
{
	uint64_t word = word_of(guard);
	enum hg_children means = HG_CHILDREN_ORPHANED;
	while (word & HG_WORD_LIVE && hg_word_generation(word) == generation && hg_family_ended_how(guard, &means))
		if (mark(guard, &word, means, NULL))
			break;
	word = word_of(guard);
	while (hg_word_generation(word) == generation && !unmark(guard, &word, means, NULL))
		;
}

void hg_family_mark(struct hg_guard *guard, enum hg_children policy)
{
	if (policy != HG_CHILDREN_KEPT)
		each(guard, &(struct walk){guard, hg_guard_generation(guard), policy, LOST, true, mark, NULL});
}

void hg_family_born(struct hg_guard *guard, uint32_t generation)
{
	mark_if_ended(guard, generation);
}

void hg_family_revive(struct hg_guard *guard, uint32_t generation)
{
	hg_family_count_again(guard, generation);
	/* A free of an ancestor that began meanwhile has not marked what was not alive. */
	mark_if_ended(guard, generation);
	if (!(word_of(guard) & HG_WORD_ORPHAN))
		each(guard, &(struct walk){guard, generation, HG_CHILDREN_ORPHANED, ALL, true, unmark, NULL});
}

bool hg_family_orphaned(struct hg_guard *guard, struct hg_parting *parting)
{
	hg_fence_light();
	uint64_t word = word_of(guard);
	while (word & HG_WORD_ORPHAN && word & HG_WORD_LIVE) {
		enum hg_children means = (enum hg_children)hg_word_children(word);
		struct hg_guard *from = hg_family_ended_how(guard, &means);
		uint64_t end = from ? word_of(from) : 0;
		*parting = (struct hg_parting){from, means, false, false};
		if (from ? hg_word_is_over(end) : !hg_family_is_whole(guard))
			return true;
		parting->closed = hg_guard_is_closed(guard);
		if (parting->closed)
			return true;
		parting->from = hg_tie_ended(guard);
		parting->attached = parting->from;
		if (parting->attached)
			return true;
		/* Whose free has failed may not have got as far as this one, to take its mark back. */
		if (unmark(guard, &word, means, NULL))
			word = word_of(guard);
	}
	return false;
}

/* --- ends --- */

struct ending {
	const struct hg_guard *parent;
	void (*ended)(struct hg_guard *descendant, void *argument);
	void *argument;
};

static uint64_t ended_word(uint64_t word)
{
	return hg_word_with_children(hg_word_to(word, HG_WORD_FREED), HG_CHILDREN_ENDED);
}

static bool end(struct hg_guard *guard, uint64_t *word, enum hg_children means, const void *argument)
{
	const struct ending *ending = argument;
	(void)means;
	if (!(*word & HG_WORD_ORPHAN))
		return true;
	if (!atomic_compare_exchange_strong(&guard->word, word, ended_word(*word)))
		return false;
	struct hg_event event = hg_end_last(ending->parent);
	hg_end_store(guard, &event, hg_word_generation(*word));
	hg_live_went(guard);
	hg_family_quit(guard, hg_word_generation(*word));
	hg_dead_note(guard);
	if (ending->ended)
		ending->ended(guard, ending->argument);
	return true;
}

void hg_family_end(struct hg_guard *guard, uint32_t generation, enum hg_children said,
                   void (*ended)(struct hg_guard *descendant, void *argument), void *argument)
{
	struct ending ending = {guard, ended, argument};
	each(guard, &(struct walk){guard, generation, said, WANTED(HG_CHILDREN_ENDED), false, end, &ending});
	uint64_t word = word_of(guard);
	if (said == HG_CHILDREN_ENDED && word & HG_WORD_FREED && hg_word_generation(word) == generation)
		hg_family_count_none(guard, generation);
}
