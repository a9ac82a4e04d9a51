/* While a free waits for parked ops, a thread of the runtime's wakes them. */
#ifndef HG_WAKER_H
#define HG_WAKER_H

#include "protocol/guard.h"

struct hg_waker;

/* Starts a thread that wakes the ops on a guard whose free drains, until it has drained, or the deadline. Null: none
 * can be had, which is counted. Saves the registers itself. */
struct hg_waker *hg_waker_start(struct hg_guard *guard, const struct hg_context *freer);

/* The free does not wait any more. `goes_on`: but was left to the last op, so that the thread goes on. True: the
 * function that was to wake the ops has not returned. */
bool hg_waker_stop(struct hg_waker *waker, bool goes_on);

#endif
