/* How an op is woken that is parked on a handle while that is being freed, or what it was made from. */
#ifndef HG_WAKE_H
#define HG_WAKE_H

#include "format/image.h"
#include "protocol/waking.h"

/* A call that wakes an op, and what it needs. */
struct hg_wake {
	struct hg_slot *slot; /* of the function; not bound, it may be */
	uint64_t caller;      /* of the op: of several functions of the name, the one is meant that it would reach */
	uint64_t arguments[HG_WAKE_ARGUMENTS];
	struct hg_kept kept; /* which are in use meanwhile */
};

/* The symbol of what wakes one of these ops, of another thread than this one. UINT32_MAX: none does, or nobody knows
 * its number. *any: one does. */
uint32_t hg_waker_symbol(const struct hg_holders *holders, const struct hg_context *freer, bool *any);

/* Looks for the next parked op, after `skip` of them, that a free waits for: of other threads than `freer`. What the
 * call needs is kept in use. False: there is none. *ready: the call can be made. */
bool hg_next_wake(struct hg_guard *guard, uint64_t attempt, const struct hg_context *freer, unsigned skip,
                  struct hg_wake *wake, bool *ready);

/* Makes the call, on a thread of the runtime's. What was kept in use is to be let go afterwards. */
void hg_call_waker(const struct hg_wake *wake);

#endif
