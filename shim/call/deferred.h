/* A real free that is left to the last op to leave. */
#ifndef HG_DEFERRED_H
#define HG_DEFERRED_H

#include "entry/call.h"

/* Keeps what it takes to make this call later. Null if memory is refused, or if the call cannot be made without its
 * caller. */
struct hg_pending *hg_deferred_free(struct hg_guard *guard, const struct hg_call *call, enum hg_children children);

#endif
