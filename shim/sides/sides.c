#include "sides/sides.h"

#include "sides/names.h"
#include "sides/nodes.h"

/* --- what names say --- */

static void mark_units(struct hg_nodes *nodes)
{
	const struct hg_symbols *symbols = &nodes->question->symbols;
	uint32_t unit = 0;
	for (size_t i = 0; i < symbols->count; i++) {
		const char *name = hg_symbol_name(symbols, i);
		if (ELF64_ST_TYPE(symbols->list[i].st_info) != STT_FILE || !name)
			continue;
		unit++;
		if (hg_mark_of_unit(name) == HG_MARK_NONE)
			continue;
		nodes->unit_flags[unit] |= HG_PART_MARKED;
		nodes->sides->all_marked = true;
	}
}

static void mark_parts(struct hg_nodes *nodes)
{
	struct hg_sides *sides = nodes->sides;
	for (size_t i = 0; i < sides->count; i++) {
		struct hg_part *part = &sides->parts[i];
		enum hg_mark mark = hg_mark_of_part(part->name);
		sides->all_marked |= mark == HG_MARK_ALL;
		if (mark == HG_MARK_NONE)
			continue;
		part->flags |= HG_PART_MARKED;
		if (part->unit)
			nodes->unit_flags[part->unit] |= HG_PART_MARKED;
	}
}

/* What a file keeps to itself no other one calls: where it is named as the library's functions are, that is borrowed;
 * unless the file is binding and library in one. */
static bool is_interface(const struct hg_nodes *nodes, const struct hg_part *part)
{
	const struct hg_sides_question *question = nodes->question;
	bool both = nodes->unit_flags[part->unit] & HG_PART_MARKED, own = part->flags & HG_PART_LOCAL && part->unit;
	return part->flags & HG_PART_CODE && !(part->flags & HG_PART_MARKED) &&
	       question->is_interface(part->name, question->argument) &&
	       (!own || both || hg_is_guarded(question, part->name));
}

static void find_interface(struct hg_nodes *nodes)
{
	struct hg_sides *sides = nodes->sides;
	for (size_t i = 0; i < sides->count; i++) {
		struct hg_part *part = &sides->parts[i];
		if (!is_interface(nodes, part))
			continue;
		part->flags |= HG_PART_INTERFACE;
		sides->interface++;
		if (part->unit)
			nodes->unit_flags[part->unit] |= HG_PART_INTERFACE;
	}
}

static bool has_both(uint16_t unit)
{
	return (unit & HG_PART_MARKED) && (unit & HG_PART_INTERFACE);
}

static void find_mixed(struct hg_nodes *nodes)
{
	for (uint32_t unit = 1; unit <= nodes->sides->units; unit++)
		nodes->sides->approximate |= has_both(nodes->unit_flags[unit]);
}

/* --- what follows --- */

static enum hg_side side_of(const struct hg_nodes *nodes, struct hg_part *part)
{
	uint16_t flags = *hg_node_of(nodes, part) | part->flags;
	if (hg_is_everybodys(part->name))
		return HG_SIDE_UNDECIDED;
	if (part->flags & HG_PART_MARKED)
		return HG_SIDE_BINDING;
	if (flags & HG_PART_INTERFACE)
		return HG_SIDE_LIBRARY;
	if (flags & HG_PART_MARKED)
		return HG_SIDE_BINDING;
	if (flags & HG_PART_REACHED)
		return HG_SIDE_LIBRARY;
	if (!nodes->sides->all_marked)
		return HG_SIDE_BINDING;
	return part->unit ? HG_SIDE_LIBRARY : HG_SIDE_UNDECIDED;
}

/* What is global to a unit that has nothing of its own is on the side of what lies around it, if that is one. */
static void decide_between(const struct hg_sides *sides)
{
	uint16_t before = HG_SIDE_UNDECIDED;
	for (size_t i = 0, after = 0; i < sides->count; i++) {
		struct hg_part *part = &sides->parts[i];
		if (!(part->flags & HG_PART_CODE))
			continue;
		for (after = after > i ? after : i;
		     after < sides->count &&
		     (!(sides->parts[after].flags & HG_PART_CODE) || !sides->parts[after].side);)
			after++;
		if (!part->side && after < sides->count && sides->parts[after].side == before)
			part->side = before;
		before = part->side ? part->side : before;
	}
}

static void decide(const struct hg_nodes *nodes)
{
	struct hg_sides *sides = nodes->sides;
	for (size_t i = 0; i < sides->count; i++) {
		struct hg_part *part = &sides->parts[i];
		part->side = (uint16_t)side_of(nodes, part);
		part->flags |= has_both(nodes->unit_flags[part->unit]) ? HG_PART_IN_ONE : 0;
	}
	decide_between(sides);
	for (size_t i = 0; i < sides->count; i++) {
		const struct hg_part *part = &sides->parts[i];
		if (!(part->flags & HG_PART_CODE))
			continue;
		sides->library += part->side == HG_SIDE_LIBRARY;
		sides->binding += part->side == HG_SIDE_BINDING;
		sides->undecided += part->side == HG_SIDE_UNDECIDED;
	}
}

/* --- all of it --- */

static size_t bytes_of_parts(const struct hg_sides_question *question)
{
	size_t parts = hg_parts_most(&question->symbols) + HG_STRETCHES;
	return (parts * sizeof(struct hg_part) + 15) & ~(size_t)15;
}

/* Every symbol can name a unit. */
size_t hg_sides_room(const struct hg_sides_question *question)
{
	return bytes_of_parts(question) + sizeof(struct hg_unreached) +
	       (question->symbols.count + 1) * sizeof(uint16_t);
}

/* It takes a reading of all the library's code. */
static void reach(const struct hg_nodes *nodes)
{
	const struct hg_sides *sides = nodes->sides;
	bool by_places = !sides->all_marked && sides->interface;
	if (by_places && !sides->units)
		hg_sides_by_places(nodes);
	if (!sides->all_marked || sides->approximate)
		hg_reach(nodes);
	if (by_places && sides->units && hg_sides_by_places(nodes))
		hg_reach(nodes);
}

void hg_sides_find(const struct hg_sides_question *question, void *room, struct hg_sides *sides)
{
	struct hg_unreached *unreached = (void *)((char *)room + bytes_of_parts(question));
	struct hg_nodes nodes = {
	    .question = question, .sides = sides, .unreached = unreached, .unit_flags = (void *)(unreached + 1)};
	*sides = (struct hg_sides){.parts = room};
	sides->count = hg_parts_list(&question->symbols, sides->parts, &sides->units);
	mark_units(&nodes);
	mark_parts(&nodes);
	if (!sides->all_marked && !question->exported_only)
		hg_marked_units(&nodes);
	find_interface(&nodes);
	if (question->exported_only) {
		hg_sides_of_exported(&nodes);
		return;
	}
	find_mixed(&nodes);
	reach(&nodes);
	decide(&nodes);
}

enum hg_side hg_side_at(const struct hg_sides *sides, uint64_t address)
{
	const struct hg_part *part = hg_part_at(sides->parts, sides->count, address);
	return part && part->flags & HG_PART_CODE ? (enum hg_side)part->side : HG_SIDE_UNDECIDED;
}
