/* Lives that are kept from being freed while the runtime itself calls a function of the library on them: to wake ops
 * that are parked there. It is the same as an op without a frame, so no free goes on meanwhile (guard.c: frameless). */
#ifndef HG_WAKING_H
#define HG_WAKING_H

#include "protocol/guard.h"

enum { HG_KEPT_MOST = 2 * HG_FAMILY_COUNTED }; /* no limit: a handle, its ancestors, and all their roots */

struct hg_kept {
	unsigned count;
	struct hg_guard *list[HG_KEPT_MOST];
};

/* Keeps a handle whose free drains, as long as it is this attempt (hg_word_attempt) that does. */
bool hg_keep_draining(struct hg_kept *kept, struct hg_guard *guard, uint64_t attempt);

/* Keeps a handle, what it was made from, and the roots of their classes. False: one of them is over, and takes the
 * handle along. */
bool hg_keep_family(struct hg_kept *kept, struct hg_guard *guard);

/* Whether it is among them. */
bool hg_is_kept(const struct hg_kept *kept, const struct hg_guard *guard);

/* Lets all of them go, which may run a free that was left to the last op. */
void hg_keep_no_more(struct hg_kept *kept);

#endif
