#include "protocol/given.h"

#include "process/fence.h"
#include "protocol/descendants.h"
#include "protocol/family.h"
#include "protocol/guard_inside.h"
#include "protocol/guard_word.h"
#include "protocol/life.h"
#include "protocol/ties.h"

/* What `given` holds for this life. */
static uint64_t given_in(uint32_t generation)
{
	return (uint64_t)generation << 32 | 1;
}

static bool is_given(const struct hg_guard *child)
{
	return hg_is_tied(child) &&
	       atomic_load(&hg_guard_ties((struct hg_guard *)child)->given) == given_in(hg_guard_generation(child));
}

/* As of a tie (ties.c): a scan for what is in flight on the parent, or on what it was made from, begins anew. */
static void count(struct hg_guard *parent)
{
	for (int i = 0; parent && i < HG_ANCESTORS; i++) {
		if (hg_word_is_over(atomic_load(&parent->word)))
			hg_fence_heavy();
		if (hg_is_tied(parent))
			atomic_fetch_add(&hg_guard_ties(parent)->made, 1);
		parent = hg_family_parent(parent);
	}
}

static void move(struct hg_guard *child, uint32_t generation, struct hg_guard *parent)
{
	struct hg_guard *last_parent = hg_family_parent(child);
	hg_family_join(child, generation, parent);
	hg_guard_lost_ancestors(child, last_parent, atomic_load(&child->word));
}

void hg_give(struct hg_guard *child, struct hg_guard *parent)
{
	uint32_t generation = hg_guard_generation(child);
	if (child == parent || !hg_is_tied(child) || (hg_family_parent(child) && !is_given(child)))
		return;
	move(child, generation, parent);
	atomic_store(&hg_guard_ties(child)->given, given_in(generation));
	hg_guard_may_end(child);
	hg_family_born(child, generation);
	count(parent);
}

void hg_take_back(struct hg_guard *child, const struct hg_guard *parent)
{
	if (!is_given(child) || (parent && hg_family_parent(child) != parent))
		return;
	atomic_store(&hg_guard_ties(child)->given, 0);
	move(child, hg_guard_generation(child), NULL);
}

struct hg_guard *hg_given_to(const struct hg_guard *child)
{
	struct hg_guard *parent = is_given(child) ? hg_family_parent(child) : NULL;
	return parent && hg_guard_lives(parent) ? parent : NULL;
}
