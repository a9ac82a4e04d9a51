/* Who is in flight on a guard: what frames and words tell of it. For frees, after their fence (see guard.c). */
#ifndef HG_IN_FLIGHT_H
#define HG_IN_FLIGHT_H

#include "protocol/guard.h"

/* Whether this frame's op is in flight on the guard: on itself, on a descendant of it, or on what it is attached to. A
 * free is in flight on the ancestors of what it frees only, and on what is attached, and that only if it is not the
 * library itself that makes it. */
bool hg_guard_entered_by(const struct hg_guard *guard, const struct hg_frame *frame);

/* All ops on the guard and its descendants. Whoever is listed will notice, when leaving, that a free waits. */
void hg_in_flight_find(const struct hg_guard *guard, const struct hg_context *self, struct hg_holders *found);

/* Whether there is any; and whether there is one of another thread than this one's (null: of any). */
bool hg_in_flight(const struct hg_guard *guard);
bool hg_in_flight_elsewhere(const struct hg_guard *guard, const struct hg_context *but);

/* Whether this thread itself, which is the calling one, has any that a free which means this for children waits for. */
bool hg_guard_entered_by_self(const struct hg_guard *guard, const struct hg_context *self, enum hg_children children);

/* Clears the frames of ops in flight on the guard that were left without a return, as far as their stacks show it. True
 * if there were any. While a free of the guard drains and `inspecting` keeps who leaves from going on. Not all at once:
 * the next call goes on after the *looked_at that were looked at, or begins anew (0). */
bool hg_reap_overwritten(struct hg_guard *guard, unsigned *looked_at);

/* Whether a wait of this thread for the guard's ops would be one in a circle: one of them waits, in a free of its own,
 * for an op of this thread. */
bool hg_waits_in_circle(const struct hg_guard *guard, const struct hg_context *self);

#endif
