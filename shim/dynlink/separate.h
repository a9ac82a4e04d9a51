/* Where a file may lie that was separated from an object, with the symbol table that the object was stripped of: it is
 * known by the object's build id. handleguard run has unpacked there what the program has in itself (run/symbols.h). */
#ifndef HG_SEPARATE_H
#define HG_SEPARATE_H

#include "dynlink/elf_object.h"

enum { HG_SEPARATE_PATH = 1024 }; /* no limit: of a longer path nothing is known */

struct hg_separate_search {
	const uint8_t *id; /* null: the object has none */
	uint32_t length;
	unsigned folder; /* the next one's number */
};

/* To be called while the process starts. */
void hg_separate_start(void);

void hg_separate_begin(const struct hg_object *object, struct hg_separate_search *search);

/* The next path to try, where there need be nothing. False: there are no more. */
bool hg_separate_next(struct hg_separate_search *search, char path[HG_SEPARATE_PATH]);

#endif
