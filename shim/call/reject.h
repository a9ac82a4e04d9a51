/* What a call gets that is rejected. */
#ifndef HG_REJECT_H
#define HG_REJECT_H

#include "call/call.h"
#include "format/image.h"

/* What a call of the slot returns that is rejected. */
uint64_t hg_reject_value(const struct hg_slot *slot);

/* Gives up what the call has entered, and completes what its caller gets. */
enum hg_action hg_reject(struct hg_call *call);

#endif
