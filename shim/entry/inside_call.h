/* Whether a call is the library's own (inside.h says how that is told). */
#ifndef HG_INSIDE_CALL_H
#define HG_INSIDE_CALL_H

#include "entry/call.h"

/* Whether a call that has arrived at an exported stub is the library's own. */
bool hg_inside_call(const struct hg_call *call);

/* A function that ends by jumping to another one leaves no return address of its own: the other seems to be called by
 * the trampoline that called the first. The slot of that one; null: it is not so, or it is not known which. */
const struct hg_slot *hg_ended_in_jump(const struct hg_call *call);

#endif
