/* Calls that hand out tables of functions. */
#ifndef HG_HANDS_OUT_H
#define HG_HANDS_OUT_H

#include "entry/call.h"

/* Has the guards put into the tables that the call hands out, or is given: before it is made, or when it has returned.
 */
void hg_hand_out(struct hg_call *call, bool returned);

#endif
