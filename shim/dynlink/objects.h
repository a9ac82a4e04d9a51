/* All loaded objects, in the dynamic linker's order, held still while they are looked at: nothing is added to them and
 * nothing unmapped until the work is done. So does the lock that dl_iterate_phdr takes, which is held for moments only:
 * the work must wait for nothing else, and must not visit or hold again. It is also what keeps what this folder knows
 * of bindings in order. */
#ifndef HG_OBJECTS_H
#define HG_OBJECTS_H

#include "dynlink/elf_object.h"

enum { HG_OBJECTS_MOST = 4096 }; /* limit: OBJECTS_CUT */

struct hg_objects {
	const struct hg_object *list;
	unsigned count;
	uint64_t loaded;   /* how many have been loaded so far: what is new comes last */
	uint64_t unloaded; /* how many have been unloaded: as long as it stays the same, so do their numbers */
};

/* False: not done, because there are more objects than fit. */
bool hg_objects_hold(void (*work)(const struct hg_objects *objects, void *argument), void *argument);

/* The number of the object that an address lies in; HG_OBJECTS_MOST: none. */
unsigned hg_objects_at(const struct hg_objects *objects, const void *address);

/* The number of the object whose dynamic section this is; HG_OBJECTS_MOST: none. */
unsigned hg_objects_with(const struct hg_objects *objects, const void *dynamic);

#endif
