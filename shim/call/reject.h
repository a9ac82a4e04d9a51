/* What a call gets that is rejected. */
#ifndef HG_REJECT_H
#define HG_REJECT_H

#include "entry/call.h"
#include "format/image.h"

/* What a call of the slot returns that is rejected. */
uint64_t hg_reject_value(const struct hg_slot *slot);

/* What a free gets that does not take place now, without having failed. */
void hg_return_deferred(struct hg_call *call);

/* Gives up what the call has entered, and completes what its caller gets. */
enum hg_action hg_reject(struct hg_call *call);

#endif
