/* Of functions whose unit is not known nothing but their places tells which were compiled together: linkers put files
 * in one after the other, those of the binding here, those of the library there. What is known for certain, the
 * functions that are guarded and those with a binding's mark, divides the code; between two of the library's all is the
 * library's, also what only its own tables lead to.
 *
 * Where the names of all units were stripped (strip -g), it goes by majority between others where the library begins
 * and ends: by how many are named as its functions are. What is named so beyond that is the binding's, which has
 * borrowed the first word. */
#include "sides/names.h"
#include "sides/nodes.h"

/* Of the code that compilers leave in its place, or of what they have split off and put elsewhere. */
struct row {
	const struct hg_nodes *nodes;
	bool split_off;
};

static bool is_in(const struct row *row, const struct hg_part *part)
{
	return part->flags & HG_PART_CODE && hg_is_split_off(part->name) == row->split_off;
}

bool hg_is_guarded(const struct hg_sides_question *question, const char *name)
{
	enum { LONGEST = 128 }; /* no limit: longer ones are not known for certain */
	char whole[LONGEST];
	size_t length = 0;
	while (!hg_is_name_end(name[length]) && length + 1 < LONGEST) {
		whole[length] = name[length];
		length++;
	}
	whole[length] = '\0';
	return question->is_guarded(whole, question->argument);
}

static uint16_t flags_of(const struct row *row, struct hg_part *part)
{
	return *hg_node_of(row->nodes, part) | part->flags;
}

/* Undecided: not for certain. */
static enum hg_side certain_side(const struct row *row, struct hg_part *part)
{
	if (flags_of(row, part) & HG_PART_MARKED)
		return HG_SIDE_BINDING;
	bool guarded = part->flags & HG_PART_INTERFACE && hg_is_guarded(row->nodes->question, part->name);
	return guarded ? HG_SIDE_LIBRARY : HG_SIDE_UNDECIDED;
}

/* Between two parts that are certain: their numbers, and whether they are the library's. */
struct gap {
	size_t low, high;
	bool after_library, before_library;
	bool marked; /* one of the two is the binding's; else there may be no more than the library */
};

/* The numbers in a gap between which the library lies: of all that there could be, most in favour of it. */
struct stretch {
	size_t low, high;
};

static struct stretch find_stretch(const struct row *row, const struct gap *gap)
{
	enum { FEW = 8 }; /* no limit: in the middle of the binding, fewer are no library */
	const struct hg_part *parts = row->nodes->sides->parts;
	struct stretch best = {gap->low, gap->low};
	size_t low = gap->low;
	long sum = 0, most = gap->after_library ? 0 : FEW;
	for (size_t i = gap->low; i < gap->high; i++) {
		if (!is_in(row, &parts[i]))
			continue;
		sum += parts[i].flags & HG_PART_INTERFACE ? 1 : -1;
		if (sum > most) {
			best = (struct stretch){low, i + 1};
			most = sum;
		}
		if (sum <= 0 && !gap->after_library) {
			low = i + 1;
			sum = 0;
		}
	}
	return gap->before_library ? (struct stretch){low, gap->high} : best;
}

/* Where units are known, what is between two of the library's is settled alone. */
static void settle_between(const struct row *row, const struct gap *gap)
{
	struct hg_sides *sides = row->nodes->sides;
	if (!gap->after_library || !gap->before_library)
		return;
	for (size_t i = gap->low; i < gap->high; i++) {
		struct hg_part *part = &sides->parts[i];
		if (part->unit || !is_in(row, part) || part->flags & (HG_PART_INTERFACE | HG_PART_REACHED))
			continue;
		part->flags |= HG_PART_REACHED;
		sides->by_places++;
	}
}

static void settle_stretch(const struct row *row, const struct gap *gap)
{
	struct hg_sides *sides = row->nodes->sides;
	struct stretch stretch = find_stretch(row, gap);
	for (size_t i = gap->low; i < gap->high; i++) {
		struct hg_part *part = &sides->parts[i];
		bool inside = i >= stretch.low && i < stretch.high;
		if (!is_in(row, part))
			continue;
		if (inside) {
			part->flags |= HG_PART_REACHED;
		} else if (gap->marked && part->flags & HG_PART_INTERFACE) {
			part->flags &= (uint16_t)~HG_PART_INTERFACE;
			sides->interface--;
		}
	}
}

static void settle(const struct row *row, const struct gap *gap)
{
	if (row->nodes->sides->units)
		settle_between(row, gap);
	else
		settle_stretch(row, gap);
}

static void settle_row(const struct row *row)
{
	const struct hg_sides *sides = row->nodes->sides;
	struct gap gap = {.low = 0};
	for (size_t i = 0; i < sides->count; i++) {
		struct hg_part *part = &sides->parts[i];
		enum hg_side side = is_in(row, part) ? certain_side(row, part) : HG_SIDE_UNDECIDED;
		if (!side)
			continue;
		gap.high = i;
		gap.before_library = side == HG_SIDE_LIBRARY;
		gap.marked |= side == HG_SIDE_BINDING;
		settle(row, &gap);
		gap = (struct gap){
		    .low = i + 1, .after_library = side == HG_SIDE_LIBRARY, .marked = side == HG_SIDE_BINDING};
	}
	gap.high = sides->count;
	gap.before_library = false;
	settle(row, &gap);
}

bool hg_sides_by_places(const struct hg_nodes *nodes)
{
	struct hg_sides *sides = nodes->sides;
	size_t before = sides->by_places;
	settle_row(&(struct row){nodes, false});
	settle_row(&(struct row){nodes, true});
	sides->approximate |= !sides->units || sides->by_places > before;
	return sides->by_places > before;
}
