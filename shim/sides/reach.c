#include "sides/nodes.h"

struct walk {
	const struct hg_nodes *nodes;
	bool again; /* something was reached that may have been passed already */
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

void hg_reach(const struct hg_nodes *nodes)
{
	struct walk walk = {.nodes = nodes, .again = true};
	while (walk.again) {
		walk.again = false;
		for (size_t i = 0; i < nodes->sides->count; i++) {
			struct hg_part *part = &nodes->sides->parts[i];
			if (part->flags & HG_PART_READ || !is_reached(nodes, part))
				continue;
			part->flags |= HG_PART_READ;
			if (part->flags & HG_PART_CODE)
				hg_references_each(&nodes->question->code, part->low, part->high, note, &walk);
			else
				read_table(&walk, part);
		}
	}
}
