/* Classes whose handles are only for the process that created them: not for its children. */
#ifndef HG_OWNER_H
#define HG_OWNER_H

#include "entry/call.h"

/* Whether the handle, as far as this call of the program's is concerned, is another process's: its parent's. */
bool hg_is_inherited(const struct hg_call *call, const struct hg_guard *guard);

/* Tells of an op of the program's in a forked child, on a handle of its parent's. False: it is none. */
bool hg_tell_inherited(struct hg_call *call, struct hg_guard *guard);

/* Such an op has entered: the next one is not to take the fast path, but to be looked at as well. */
void hg_inherited_entered(struct hg_context *context, const struct hg_guard *guard);

/* The same of a free. True: it is withheld, and the call has its result. */
bool hg_withhold_inherited(struct hg_call *call, struct hg_guard *guard);

#endif
