/* What a native method of Java gets that is rejected: an exception. */
#ifndef HG_THROW_H
#define HG_THROW_H

#include "entry/call.h"

/* Throws what the slot's manifest says, if it was Java that called, so that it may: not where C code did, which may
 * have an exception pending, or be in a critical region. To be called last, when nothing is held any more. */
void hg_throw(const struct hg_call *call);

#endif
