/* The call that is held back: one at a time in a process, as two on one handle would cancel each other. It goes on when
 * the other side has come, or after a while.
 *
 * What the sleeper waits for, by where it is held (enum hg_point):
 *
 *   BEFORE, CLAIM, AFTER   the other side has entered, or has begun its free: then this one comes late
 *   IN, LEAVE              the other side's free has begun and has met this op in flight
 *
 * A hold is over by its time, whatever has become of the thread: it may be gone, or be another process's after a fork.
 */
#ifndef HG_HOLD_H
#define HG_HOLD_H

#include "provoke/call_sites.h"
#include "provoke/kin.h"

struct hg_held {
	struct hg_site *site;
	enum hg_point point;
	uint32_t number; /* of the site's calls */
	uint64_t ms;
	const struct hg_call *call;
	struct hg_kin kin;
};

/* Holds the calling thread. It must be on no visit, or keep in a frame what it goes on with. */
void hg_hold(const struct hg_held *held);

/* A call on the handle has come, of this thread, before it does anything; and once it has entered, or begun its free.
 */
void hg_hold_met(const struct hg_kin *kin, uint32_t tid, bool frees);
void hg_hold_passed(const struct hg_kin *kin, uint32_t tid, bool frees);

#endif
