#include "protocol/waking.h"

#include "format/image.h"
#include "protocol/family.h"
#include "protocol/guard_word.h"

bool hg_is_kept(const struct hg_kept *kept, const struct hg_guard *guard)
{
	for (unsigned i = 0; i < kept->count; i++)
		if (kept->list[i] == guard)
			return true;
	return false;
}

/* While the word has one of these phases, and all of these bits: counts a frameless op in it. A free goes on only by a
 * swap of the word in which none is counted. */
static bool keep(struct hg_kept *kept, struct hg_guard *guard, unsigned phases, uint64_t mask, uint64_t bits)
{
	uint64_t word = atomic_load(&guard->word);
	if (hg_is_kept(kept, guard))
		return true;
	do
		if (!(word & phases) || (word & mask) != bits || kept->count == HG_KEPT_MOST)
			return false;
	while (!atomic_compare_exchange_weak(&guard->word, &word, hg_word_one_more(word)));
	kept->list[kept->count++] = guard;
	return true;
}

bool hg_keep_draining(struct hg_kept *kept, struct hg_guard *guard, uint64_t attempt)
{
	return keep(kept, guard, HG_WORD_FREEING, hg_word_attempt(UINT64_MAX), attempt);
}

static bool keep_life(struct hg_kept *kept, struct hg_guard *guard)
{
	uint64_t generation = UINT64_C(0xffffffff) << HG_WORD_GENERATION;
	return keep(kept, guard, HG_WORD_LIVE | HG_WORD_FREEING, generation, atomic_load(&guard->word) & generation);
}

bool hg_keep_family(struct hg_kept *kept, struct hg_guard *guard)
{
	for (int i = 0; guard && i <= HG_ANCESTORS; i++) {
		struct hg_guard *root = guard->class->root;
		/* A parent may have been freed that keeps its children in use. */
		bool outlived = i > 0 && hg_family_policy(guard) == HG_CHILDREN_KEPT;
		if ((!keep_life(kept, guard) && !outlived) || (root && !keep_life(kept, root)))
			return false;
		guard = hg_family_parent(guard);
	}
	return true;
}

void hg_keep_no_more(struct hg_kept *kept)
{
	while (kept->count)
		hg_guard_leave_frameless(kept->list[--kept->count]);
}
