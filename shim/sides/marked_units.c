/* A global function of which it is not known what unit it is in, for its unit's own parts do not lie on both sides of
 * it, refers to one of these as a rule; which no other unit can. */
#include "sides/nodes.h"

struct search {
	const struct hg_nodes *nodes;
	struct hg_part *part; /* of which the unit is looked for */
};

static struct hg_part *own_part_at(const struct hg_nodes *nodes, uint64_t address)
{
	struct hg_part *part = hg_part_at(nodes->sides->parts, nodes->sides->count, address);
	return part && part->flags & HG_PART_LOCAL ? part : NULL;
}

static bool is_own(void *nodes, uint64_t address)
{
	return own_part_at(nodes, address);
}

static void take_unit(uint64_t address, void *argument)
{
	const struct search *search = argument;
	const struct hg_part *own = own_part_at(search->nodes, address);
	if (own && !search->part->unit)
		search->part->unit = own->unit;
}

static bool is_homeless(const struct hg_part *part)
{
	return part->flags & HG_PART_CODE && part->flags & HG_PART_MARKED && !part->unit;
}

static bool note_own(struct hg_nodes *nodes)
{
	const struct hg_sides *sides = nodes->sides;
	bool any = false;
	uint64_t low = sides->count ? sides->parts[0].low : 0;
	hg_unreached_begin(nodes->unreached, low, sides->count ? sides->parts[sides->count - 1].high - low : 0);
	nodes->unreached->is = is_own;
	nodes->unreached->of = nodes;
	for (size_t i = 0; i < sides->count; i++) {
		const struct hg_part *part = &sides->parts[i];
		if (part->flags & HG_PART_LOCAL)
			hg_unreached_note(nodes->unreached, part->low, part->high - 1);
		any |= is_homeless(part);
	}
	return any;
}

void hg_marked_units(struct hg_nodes *nodes)
{
	const struct hg_sides *sides = nodes->sides;
	if (!sides->units || !note_own(nodes))
		return;
	for (size_t i = 0; i < sides->count; i++) {
		struct search search = {nodes, &sides->parts[i]};
		if (!is_homeless(search.part))
			continue;
		hg_references_each(&nodes->question->code, search.part->low, search.part->high, nodes->unreached,
		                   take_unit, &search);
		if (search.part->unit)
			nodes->unit_flags[search.part->unit] |= HG_PART_MARKED;
	}
}
