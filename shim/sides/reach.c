#include "sides/nodes.h"

struct walk {
	const struct hg_nodes *nodes;
	bool again;  /* something was reached that may have been passed already */
	size_t vain; /* how often what is noted as unreached was reached already */
};

uint16_t *hg_node_of(const struct hg_nodes *nodes, struct hg_part *part)
{
	uint16_t *unit = &nodes->unit_flags[part->unit];
	bool both = (*unit & HG_PART_MARKED) && (*unit & HG_PART_INTERFACE);
	return part->unit && !both ? unit : &part->flags;
}

static bool is_reached(const struct hg_nodes *nodes, struct hg_part *part)
{
	uint16_t flags = *hg_node_of(nodes, part);
	return !(flags & HG_PART_MARKED) && (flags & (HG_PART_INTERFACE | HG_PART_REACHED));
}

/* --- what is unreached --- */

/* Code is referred to where it begins, data anywhere. */
static void note_part(struct hg_unreached *unreached, const struct hg_part *part)
{
	hg_unreached_note(unreached, part->low, part->flags & HG_PART_CODE ? part->low : part->high - 1);
}

/* Whether what is unreached lies at the place of an address besides the part that does. */
static bool has_others(const struct hg_nodes *nodes, const struct hg_part *part, uint64_t address)
{
	struct hg_part *parts = nodes->sides->parts, *end = parts + nodes->sides->count;
	uint64_t low = address / 8 * 8;
	struct hg_part *at = parts + (part - parts);
	while (at > parts && at[-1].high > low)
		at--;
	while (at < end && at->low < low + 8 && is_reached(nodes, at))
		at++;
	return at < end && at->low < low + 8;
}

/* What has been reached since is forgotten once it is met; not where the places of several addresses are one. */
static bool is_unreached(void *of, uint64_t address)
{
	struct walk *walk = of;
	const struct hg_nodes *nodes = walk->nodes;
	struct hg_part *part = hg_part_at(nodes->sides->parts, nodes->sides->count, address);
	uint64_t place = hg_unreached_place(nodes->unreached, address);
	if (part && !is_reached(nodes, part))
		return !(part->flags & HG_PART_CODE) || part->low == address;
	if (part && nodes->unreached->size <= HG_UNREACHED_BYTES && !has_others(nodes, part, address))
		nodes->unreached->bits[place / 64] &= ~(UINT64_C(1) << place % 64);
	else
		walk->vain++;
	return false;
}

static void note_unreached(struct walk *walk)
{
	const struct hg_nodes *nodes = walk->nodes;
	const struct hg_sides *sides = nodes->sides;
	uint64_t low = UINT64_MAX, high = 0;
	for (size_t i = 0; i < sides->count; i++) {
		struct hg_part *part = &sides->parts[i];
		if (is_reached(nodes, part))
			continue;
		low = low < part->low ? low : part->low;
		high = high > part->high ? high : part->high;
	}
	hg_unreached_begin(nodes->unreached, low, high ? high - low : 0);
	nodes->unreached->is = is_unreached;
	nodes->unreached->of = walk;
	for (size_t i = 0; i < sides->count; i++)
		if (!is_reached(nodes, &sides->parts[i]))
			note_part(nodes->unreached, &sides->parts[i]);
	walk->vain = 0;
}

/* --- what is reached --- */

static void note(uint64_t address, void *argument)
{
	struct walk *walk = argument;
	const struct hg_sides *sides = walk->nodes->sides;
	struct hg_part *part = hg_part_at(sides->parts, sides->count, address);
	if (!part || is_reached(walk->nodes, part))
		return;
	*hg_node_of(walk->nodes, part) |= HG_PART_REACHED;
	walk->again |= is_reached(walk->nodes, part);
}

/* The words of a table that are filled with addresses. Linkers sort them by where they stand. */
static void read_table(struct walk *walk, const struct hg_part *part)
{
	const struct hg_sides_question *question = walk->nodes->question;
	size_t low = 0, high = question->relocations ? question->relocation_count : 0;
	size_t count = high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (question->relocations[middle].r_offset < part->low)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && question->relocations[low].r_offset < part->high; low++)
		note((uint64_t)question->relocations[low].r_addend, walk);
}

static void read_code(struct walk *walk, const struct hg_part *part)
{
	enum { OFTEN = 16 }; /* no limit: looking so many parts up takes as long as noting all */
	const struct hg_nodes *nodes = walk->nodes;
	hg_references_each(&nodes->question->code, part->low, part->high, nodes->unreached, note, walk);
	if (walk->vain > nodes->sides->count / OFTEN)
		note_unreached(walk);
}

void hg_reach(const struct hg_nodes *nodes)
{
	struct walk walk = {.nodes = nodes, .again = true};
	note_unreached(&walk);
	while (walk.again) {
		walk.again = false;
		for (size_t i = 0; i < nodes->sides->count; i++) {
			struct hg_part *part = &nodes->sides->parts[i];
			if (part->flags & HG_PART_READ || !is_reached(nodes, part))
				continue;
			part->flags |= HG_PART_READ;
			if (part->flags & HG_PART_CODE)
				read_code(&walk, part);
			else
				read_table(&walk, part);
		}
	}
}
