#include "sides/nodes.h"

/* The code from the first function of the interface to the last, and up to the others that are nearest to it. */
struct stretch {
	uint64_t low, high;
	uint64_t before, after;
	bool is_binding; /* one of the others is marked */
	bool is_torn;    /* a marked one lies between */
};

static bool is_interface(const struct hg_part *part)
{
	return part->flags & HG_PART_CODE && part->flags & HG_PART_INTERFACE;
}

static struct stretch find_stretch(const struct hg_nodes *nodes)
{
	const struct hg_sides *sides = nodes->sides;
	struct stretch stretch = {.low = UINT64_MAX, .before = nodes->question->code.low};
	stretch.after = nodes->question->code.high;
	for (size_t i = 0; i < sides->count; i++) {
		if (!is_interface(&sides->parts[i]))
			continue;
		stretch.low = stretch.low < sides->parts[i].low ? stretch.low : sides->parts[i].low;
		stretch.high = sides->parts[i].high;
	}
	for (size_t i = 0; i < sides->count; i++) {
		const struct hg_part *part = &sides->parts[i];
		bool is_marked = part->flags & HG_PART_MARKED;
		stretch.is_binding |= is_marked;
		if (!(part->flags & HG_PART_CODE))
			continue;
		if (part->high <= stretch.low)
			stretch.before = part->high;
		else if (part->low < stretch.high)
			stretch.is_torn |= is_marked;
		else if (part->low < stretch.after)
			stretch.after = part->low;
	}
	return stretch;
}

static void add(struct hg_sides *sides, uint64_t low, uint64_t high, enum hg_side side)
{
	if (low < high)
		sides->parts[sides->count++] =
		    (struct hg_part){low, high, .name = "", .flags = HG_PART_CODE, .side = (uint16_t)side};
}

void hg_sides_of_exported(const struct hg_nodes *nodes)
{
	struct hg_sides *sides = nodes->sides;
	struct stretch stretch = find_stretch(nodes);
	sides->approximate = true;
	sides->count = 0;
	if (!sides->interface || !stretch.is_binding || stretch.is_torn)
		return;
	add(sides, nodes->question->code.low, stretch.before, HG_SIDE_BINDING);
	add(sides, stretch.low, stretch.high, HG_SIDE_LIBRARY);
	add(sides, stretch.after, nodes->question->code.high, HG_SIDE_BINDING);
	sides->library = 1;
	sides->binding = sides->count - 1;
}
