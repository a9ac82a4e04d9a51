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

/* For a free that begins: waits while another thread's call is in that ends the handle when it returns, and may fail.
 * *word: the guard's, and as it is then. False: the call has not come back in time, or ends the handle in any case.
 * Inside one of its own a thread may free what that ends. */
bool hg_guard_await_ending(struct hg_guard *guard, const struct hg_context *self, uint64_t patience_ns, uint64_t *word);

/* The call has returned: whoever waits may look again. */
void hg_guard_stop_ending(struct hg_guard *guard, uint32_t generation);

#endif
