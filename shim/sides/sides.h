/* Whose each function of an object is into which a library is linked: the library's, or its binding's, which is the
 * program's side. One answer for the process, which acts on it, and for the tools, which tell of it.
 *
 * A unit is the binding's if a name in it is marked so (names.h). It is the library's if it has a function of the
 * library's interface, or one that the library refers to. Where the binding's language marks all of it, what is not
 * marked is the library's as well. A unit that has both is looked at function by function, and the answer is
 * approximate: what the compiler has inlined or cloned is on either side. Of a table in which the units' names were
 * stripped (strip -g), places tell what belongs together (places.c), which is approximate as well.
 *
 * Of a stripped object the exported functions are known alone. Those of the interface lie together: what is between
 * them is the library's. What lies beyond others that are exported is the binding's, if one of these is marked.
 * Approximate, too. */
#ifndef HG_SIDES_H
#define HG_SIDES_H

#include "sides/object_parts.h"
#include "sides/references.h"

enum hg_side { HG_SIDE_UNDECIDED, HG_SIDE_LIBRARY, HG_SIDE_BINDING };

struct hg_sides_question {
	struct hg_symbols symbols;
	bool exported_only; /* they are those that others see: the rest is stripped */
	struct hg_bytes code;
	/* Those that only fill a word with an address of the object; null: not known, then tables are not followed. */
	const Elf64_Rela *relocations;
	size_t relocation_count;
	/* Whether a name is one of the library's interface. */
	bool (*is_interface)(const char *name, const void *argument);
	/* Whether it is one of those that are guarded. */
	bool (*is_guarded)(const char *name, const void *argument);
	const void *argument;
};

struct hg_sides {
	struct hg_part *parts; /* sorted by address */
	size_t count;
	uint32_t units;
	bool all_marked;  /* the binding's language marks all that is the binding's */
	bool approximate; /* a unit has both, no unit is known, or the object is stripped */
	size_t by_places; /* how many parts are the library's by where they lie, though their unit is not known */
	size_t interface; /* how many functions of it there are */
	size_t library, binding, undecided;
};

/* Bytes of memory, zeroed and aligned to 16, that the answer takes; it goes with them. */
size_t hg_sides_room(const struct hg_sides_question *question);
void hg_sides_find(const struct hg_sides_question *question, void *room, struct hg_sides *sides);

/* Whether both sides are there. */
static inline bool hg_sides_are_two(const struct hg_sides *sides)
{
	return sides->interface && sides->binding;
}

/* Whether code was compiled together with a function: where it calls that, it may rely on what that does to registers,
 * and on what it leaves alone. */
static inline bool hg_compiled_with(const struct hg_part *code, const struct hg_part *function)
{
	return function && code->flags & function->flags & HG_PART_IN_ONE && code->unit == function->unit;
}

/* Of an address as the tables have it. */
enum hg_side hg_side_at(const struct hg_sides *sides, uint64_t address);

#endif
