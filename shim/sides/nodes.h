/* Units while it is found out whose they are; a part of which the unit is not known, or whose unit has both sides, is a
 * node by itself. */
#ifndef HG_SIDES_NODES_H
#define HG_SIDES_NODES_H

#include "sides/sides.h"

struct hg_nodes {
	const struct hg_sides_question *question;
	struct hg_sides *sides;
	struct hg_unreached *unreached;
	uint16_t *unit_flags; /* by their number: enum hg_part_flag of all that is in them */
};

/* The flags of a part's node. */
uint16_t *hg_node_of(const struct hg_nodes *nodes, struct hg_part *part);

/* Marks as reached whatever the library refers to, from its interface on; it never goes on into what is the binding's.
 */
void hg_reach(const struct hg_nodes *nodes);

/* Finds the units of parts that are marked as a binding's, where it is not known, and marks them. */
void hg_marked_units(struct hg_nodes *nodes);

/* Whether it is the name of a guarded function; what compilers add to one does not count. */
bool hg_is_guarded(const struct hg_sides_question *question, const char *name);

/* Has places tell of parts of which no unit is known: before what is reached is known, if no unit is; else after it.
 * Whether more is reached now. */
bool hg_sides_by_places(const struct hg_nodes *nodes);

/* Of exported functions alone: makes one part each of the code before the library's, of that, and of what comes after.
 */
enum { HG_STRETCHES = 3 }; /* no limit: as many */
void hg_sides_of_exported(const struct hg_nodes *nodes);

#endif
