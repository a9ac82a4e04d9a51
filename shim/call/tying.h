/* Calls that attach a handle to another one, and undo it. */
#ifndef HG_TYING_H
#define HG_TYING_H

#include "entry/call.h"

/* The call has returned, and is in flight on both still: if it has succeeded, so has this. */
void hg_settle_ties(struct hg_call *call);

/* A free has taken place, by a function of which the manifest says that it detaches its handle by itself. */
void hg_detach_freed(const struct hg_slot *slot, struct hg_guard *guard, uint32_t generation);

/* A free of the program's of what it has given away is told. True: it is withheld, and the call has its result. */
bool hg_withhold_given(struct hg_call *call, struct hg_guard *guard);

#endif
