/* All loaded objects, in the dynamic linker's order, held still while they are looked at: nothing is added to them and
 * nothing unmapped until the work is done. So does the lock that dl_iterate_phdr takes, which is held for moments only:
 * the work must wait for nothing else, and must not visit or hold again. It is also what keeps what this folder knows
 * of bindings in order. What was found out of an object is kept for the next time: there can be hundreds, of which one
 * is new. */
#ifndef HG_OBJECTS_H
#define HG_OBJECTS_H

#include "dynlink/elf_object.h"

enum { HG_OBJECTS_MOST = 4096 }; /* limit: OBJECTS_CUT */

/* What was found out of an object. It begins as zero, and is forgotten when the object is unloaded. */
struct hg_known {
	/* scope.h */
	uint32_t rooted; /* when it was loaded by its name, among all that was; 0: it was not */
	uint32_t global; /* when that was with RTLD_GLOBAL; 0: never */
	bool placed;     /* it is known with which load it came */
	bool at_start;   /* that was the start, if it is placed */
	bool deep;       /* it came with a load with RTLD_DEEPBIND */
	/* bind/definitions.h */
	bool noted;    /* which guarded functions it defines */
	bool defines;  /* there is one, as far as is known */
	bool examined; /* its GOT slots, once the dynamic linker is done with it */
	bool shown;    /* to who looks at what is new besides */
	/* bind/bindings.h */
	bool asked; /* what that wants of it: */
	uint8_t wanted;
};

struct hg_objects {
	const struct hg_object *list;
	struct hg_known *known;
	unsigned count;
	uint64_t loaded;   /* how many have been loaded so far: what is new comes last */
	uint64_t unloaded; /* how many have been unloaded: as long as it stays the same, so do their numbers */
	uint64_t lost;     /* how many of these defined a guarded function */
};

/* False: not done, because there are more objects than fit. */
bool hg_objects_hold(void (*work)(const struct hg_objects *objects, void *argument), void *argument);

/* The number of the object that an address lies in; HG_OBJECTS_MOST: none. */
unsigned hg_objects_at(const struct hg_objects *objects, const void *address);

/* The number of the object whose dynamic section this is; HG_OBJECTS_MOST: none. */
unsigned hg_objects_with(const struct hg_objects *objects, const void *dynamic);

#endif
