/* Stubs near an object's code, so that its 32-bit operands reach them: the runtime's own pool of stubs
 * (bind/stub_pool.h), mapped once more from its file. Pages of a file are executable where fresh memory must not become
 * so. */
#ifndef HG_NEAR_H
#define HG_NEAR_H

#include "dynlink/objects.h"

struct hg_slot;

/* Room for code of which a single instruction is not enough (sites.h). */
#if defined(__x86_64__)
#define HG_DETOURS 0
#else
#define HG_DETOURS 1024 /* limit: REFERENCES_LEFT */
#endif
#define HG_DETOUR_SIZE 64 /* no limit: bytes of one */

struct hg_near {
	uint64_t detours;       /* the first; pages like the stubs', to be written to before anybody comes there */
	unsigned detour_count;  /* those that are taken */
	uint64_t stubs;         /* the first */
	struct hg_slot **slots; /* to which each leads */
	uint64_t *words;        /* one a stub, which holds its address: for what reads it from a word */
	unsigned count;
};

/* Maps them. False: there is no room near the object, or the file is out of reach. */
bool hg_near_map(const struct hg_objects *objects, const struct hg_object *object, struct hg_near *near);

enum { HG_NEAR_NONE = -1 };

/* The number of the stub that leads to a slot, a new one if there is none yet; HG_NEAR_NONE: they are used up. */
int hg_near_stub(struct hg_near *near, struct hg_slot *slot);

#endif
