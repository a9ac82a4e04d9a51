/* A guard's futex: two numbers in one word, so that whoever sleeps for the one may be woken for the other, and looks
 * again. `wake`, the upper half, is counted up for who waits for ops or calls to leave; `inspecting`, the lower half,
 * says how many walk stacks of ops in flight: leavers wait for zero. The trampoline knows the lower half.
 *
 * A sleep for `wake` has an end: one that was overtaken by as many wakes as the half can count goes on then. */
#ifndef HG_SIGNALS_H
#define HG_SIGNALS_H

#include "base/sys.h"
#include "protocol/guard.h"

/* no limit: there are no so many threads */
enum { HG_SIGNAL_INSPECTOR = 1, HG_SIGNAL_LEFT = 1 << 16, HG_SIGNAL_INSPECTORS = HG_SIGNAL_LEFT - 1 };

static inline unsigned hg_inspectors(uint32_t signals)
{
	return signals & HG_SIGNAL_INSPECTORS;
}

/* Wakes whoever waits for the guard. */
static inline void hg_signal_left(struct hg_guard *guard)
{
	atomic_fetch_add(&guard->signals, HG_SIGNAL_LEFT);
	hg_futex_wake(&guard->signals);
}

#endif
