/* What the files that change a guard's word share among themselves. */
#ifndef HG_GUARD_INSIDE_H
#define HG_GUARD_INSIDE_H

#include "protocol/guard.h"

/* Keeps the handle in the thread's cache, with its guard's word. */
void hg_remember(struct hg_context *context, struct hg_guard *guard, uint64_t word);

/* Keeps the event of the free that has ended the life of this word. */
void hg_publish_free(struct hg_guard *guard, const struct hg_event *event, uint64_t word);

/* Nobody is to run the deferred free any more. */
void hg_withdraw_deferred(struct hg_guard *guard);

#endif
