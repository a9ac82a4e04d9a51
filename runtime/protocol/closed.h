/* Ends in two steps: once a handle is closed no op on it is legal, and the free is still to come. */
#ifndef HG_CLOSED_H
#define HG_CLOSED_H

#include "protocol/guard.h"

/* Closes the guard's present life by this call, which is in flight on it. False: it was closed before, or is over. */
bool hg_guard_close(struct hg_guard *guard, const struct hg_event *event);

/* Whether the life is closed, whose word has ORPHAN. */
static inline bool hg_guard_is_closed(const struct hg_guard *guard)
{
	return __atomic_load_n(&guard->create.flags, __ATOMIC_ACQUIRE) & HG_EVENT_CLOSED;
}

#endif
