/* The parts of an object, by its symbol table: functions and data, in the order of their addresses, and the unit that
 * each comes from, which is what the compiler was given as one file. A table names the unit of what is local to it;
 * what is global belongs to the unit that lies around it. Nothing else of the table is trusted. */
#ifndef HG_SIDES_OBJECT_PARTS_H
#define HG_SIDES_OBJECT_PARTS_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hg_symbols {
	const Elf64_Sym *list;
	size_t count;
	const char *names; /* the last byte is 0 */
	size_t name_bytes;
};

enum hg_part_flag {
	HG_PART_CODE = 1,
	HG_PART_LOCAL = 2,
	HG_PART_MARKED = 4,    /* by its name it is a binding's */
	HG_PART_INTERFACE = 8, /* by its name it is one of the library's functions that others call */
	HG_PART_REACHED = 16,  /* the library refers to it */
	HG_PART_READ = 32,     /* what it refers to has been followed */
	HG_PART_IN_ONE = 64    /* its unit has both sides */
};

struct hg_part {
	uint64_t low, high; /* as the table has them */
	const char *name;
	uint32_t unit;  /* number from 1; 0: not known */
	uint16_t flags; /* enum hg_part_flag */
	uint16_t side;  /* enum hg_side */
};

/* How many parts a table can have: the room that the next one needs. */
size_t hg_parts_most(const struct hg_symbols *symbols);

/* Lists them, each address once; returns how many there are. *units: how many units. */
size_t hg_parts_list(const struct hg_symbols *symbols, struct hg_part *parts, uint32_t *units);

/* The part that an address lies in; null: none. */
struct hg_part *hg_part_at(struct hg_part *parts, size_t count, uint64_t address);

/* The name of a symbol; null: it has none. */
const char *hg_symbol_name(const struct hg_symbols *symbols, size_t number);

#endif
