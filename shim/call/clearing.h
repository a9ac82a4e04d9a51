/* Functions that end every handle of a class which was made from one, and keep that one. */
#ifndef HG_CLEARING_H
#define HG_CLEARING_H

#include "entry/call.h"

/* Ends them, each by a free of its own that waits for the ops on it: the parent's use is one of the call's ops. False:
 * one of them is still in use, or they are not to be ended: do not call the real function. */
bool hg_enter_clearing(struct hg_call *call, const struct hg_image_use *use);

/* A function that can fail has returned: if it has, they live on. */
void hg_settle_clearing(struct hg_call *call);

/* Whether the call is made inside such a function, which has ended this handle. */
bool hg_inside_clearing(const struct hg_call *call, const struct hg_guard *guard);

#endif
