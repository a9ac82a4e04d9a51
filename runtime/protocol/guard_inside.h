/* What the files that change a guard's word share among themselves. */
#ifndef HG_GUARD_INSIDE_H
#define HG_GUARD_INSIDE_H

#include "protocol/guard.h"
#include "protocol/guard_word.h"

/* Keeps the event of the free that has ended the life of this word. */
void hg_publish_free(struct hg_guard *guard, const struct hg_event *event, uint64_t word);

/* Nobody is to run the deferred free any more. */
void hg_withdraw_deferred(struct hg_guard *guard);

/* What a leaver does for whom an op on the guard was in flight on beside it: a parent (may be null), that one's
 * ancestors, and the root. Nobody walks the caller's stack. */
void hg_guard_tell_ancestors(struct hg_guard *guard, struct hg_guard *parent);

/* The guard has another parent from now on, or none; its word was `word` until then. Leavers will not find who was told
 * of ops there, so that is done here. */
static inline void hg_guard_lost_ancestors(struct hg_guard *guard, struct hg_guard *parent, uint64_t word)
{
	if (word & HG_WORD_WATCHED)
		hg_guard_tell_ancestors(guard, parent);
}

#endif
