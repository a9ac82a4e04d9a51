/* What a call gets that is turned away. */
#ifndef HG_TURN_AWAY_H
#define HG_TURN_AWAY_H

#include "call/call.h"
#include "format/image.h"

/* What a call of the slot returns that is turned away. */
uint64_t hg_reject_value(const struct hg_slot *slot);

/* Gives up what the call has entered, and completes what its caller gets. */
enum hg_action hg_turn_away(struct hg_call *call);

#endif
