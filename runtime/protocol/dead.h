/* Guards of values that are dead. So many of them are remembered, by the option dead_handles; then the one that died
 * first is forgotten, unless a thread remembers its handle: what it was is another value's guard afterwards. A late
 * call on a forgotten value is one on a handle that nobody saw created. Without this, values that do not come back
 * (numbers that are counted up) would cost memory for ever. */
#ifndef HG_DEAD_H
#define HG_DEAD_H

#include "protocol/guard_memory.h"

void hg_dead_queue(struct hg_guard *guard);

/* A life of the guard is ending: its word says so. */
static inline void hg_dead_note(struct hg_guard *guard)
{
	if (atomic_load_explicit(&guard->dead, memory_order_relaxed) != HG_DEAD_IN_LINE)
		hg_dead_queue(guard);
}

/* In a forked child. */
void hg_dead_forked(void);

#endif
