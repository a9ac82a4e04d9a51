/* The memory of guards. Of a value that is dead and forgotten (dead.c), the guard becomes another value's. */
#ifndef HG_GUARD_MEMORY_H
#define HG_GUARD_MEMORY_H

#include "protocol/guard.h"

/* Flags in a guard's `dead`, whose way dead.c tells. */
enum {
	HG_DEAD_QUEUED = 0x1,
	HG_DEAD_AGAIN = 0x2, /* it has died once more since it went into line: its turn is not yet come */
	HG_DEAD_FADING = 0x4,
	HG_DEAD_GONE = 0x8
};
enum { HG_DEAD_IN_LINE = HG_DEAD_QUEUED | HG_DEAD_AGAIN }; /* no limit: flags. What is beyond is fading, or gone */

bool hg_guard_keep(struct hg_guard *guard);

/* Of a guard that was found by its value: it is in use again. False: it has been forgotten, and is about to leave the
 * table (or has left it). */
static inline bool hg_guard_meet(struct hg_guard *guard)
{
	return atomic_load(&guard->dead) <= HG_DEAD_IN_LINE || hg_guard_keep(guard);
}

/* A guard for a value, also one that was another value's, with the room that its class needs; null: there is no memory.
 * On a visit. */
struct hg_guard *hg_guard_new(const struct hg_class *class, uint64_t value);

/* Calls `visit` for each guard whose class keeps HG_CLASS_MORE: for all that can be made from others, as fast as memory
 * is read in its order. One that is free, or not in the table yet, may be among them. Guards that come meanwhile may be
 * missed. */
void hg_guards_each_with_more(void (*visit)(struct hg_guard *guard, void *argument), void *argument);

/* Nobody can have this one in hand any more: it is free. */
void hg_guard_recycle(struct hg_guard *guard);

/* Gives back one that was never found by anybody. Somebody may have seen it on the list of free ones all the same: so
 * it rests first, with what has left the table. */
void hg_guard_discard(struct hg_guard *guard);
struct hg_guard *hg_guards_rest(void);
void hg_guards_reuse(struct hg_guard *rested);

#endif
