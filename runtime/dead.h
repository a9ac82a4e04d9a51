/* Guards of values that are dead. So many of them are remembered, by the option dead_handles; then the one that died
 * first is forgotten, unless a thread remembers its handle: what it was is another value's guard afterwards. A late
 * call on a forgotten value is one on a handle that nobody saw created. Without this, values that do not come back
 * (numbers that are counted up) would cost memory for ever. */
#ifndef HG_DEAD_H
#define HG_DEAD_H

#include "guard.h"

/* Flags: it waits for its turn, and will wait once more. What is beyond is fading, or gone. no limit: flags */
enum { HG_DEAD_IN_LINE = 0x3 };

void hg_dead_queue(struct hg_guard *guard);

/* A life of the guard is ending: its word says so. */
static inline void hg_dead_note(struct hg_guard *guard)
{
	if (atomic_load_explicit(&guard->dead, memory_order_relaxed) != HG_DEAD_IN_LINE)
		hg_dead_queue(guard);
}

bool hg_dead_keep(struct hg_guard *guard);

/* Of a guard that was found by its value: it is in use again. False: it has been forgotten, and is about to leave the
 * table (or has left it). */
static inline bool hg_dead_meet(struct hg_guard *guard)
{
	return atomic_load(&guard->dead) <= HG_DEAD_IN_LINE || hg_dead_keep(guard);
}

/* A guard that was another value's, with the room that this class needs; null: there is none. On a visit. */
struct hg_guard *hg_dead_reuse(const struct hg_class *class);

/* Gives back one that was never found by anybody. */
void hg_dead_discard(struct hg_guard *guard);

/* In a forked child. */
void hg_dead_forked(void);

#endif
