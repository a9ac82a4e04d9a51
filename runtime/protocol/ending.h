/* Calls that end a handle when they return. */
#ifndef HG_ENDING_H
#define HG_ENDING_H

#include "protocol/guard.h"

/* A call that ends the handle when it returns: only one at a time is let in. */
enum hg_ending {
	HG_ENDING_BEGUN, /* this one: hg_guard_stop_ending if it fails */
	HG_ENDING_BUSY,  /* another one is in, and has not come back in time; or this thread's own */
	HG_ENDING_OVER   /* the life has ended */
};

/* `in`: the frame of the call. `patience_ns`: how long to wait for another one, which may fail. *generation: of the
 * life. */
enum hg_ending hg_guard_begin_ending(struct hg_guard *guard, struct hg_context *context, struct hg_frame *in,
                                     uint64_t patience_ns, uint32_t *generation);

/* The call has returned: whoever waits may look again. */
void hg_guard_stop_ending(struct hg_guard *guard, uint32_t generation);

#endif
