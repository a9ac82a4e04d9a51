/* What the machine code of a function refers to: where it calls and jumps, and whose addresses it takes. One file a
 * processor. */
#ifndef HG_SIDES_REFERENCES_H
#define HG_SIDES_REFERENCES_H

#include <stdbool.h>
#include <stdint.h>

/* Code as it lies in memory, `moved` bytes after where its object's tables have it. */
struct hg_bytes {
	uint64_t low, high; /* as the tables have them */
	uint64_t moved;
	bool fixed; /* that is where it runs: any number can be an address */
};

/* An address as the tables have it. */
typedef void hg_reference_visit(uint64_t address, void *argument);

/* Visits those of the code between two addresses, as the tables have them; also some that are none. */
void hg_references_each(const struct hg_bytes *code, uint64_t low, uint64_t high, hg_reference_visit *visit,
                        void *argument);

#endif
