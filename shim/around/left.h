/* How a call stands to those that its thread is in: inside a real free, or above calls that were left without a
 * return. */
#ifndef HG_LEFT_H
#define HG_LEFT_H

#include <stdbool.h>
#include <stdint.h>

#include "entry/call.h"
#include "thread/frames.h"

struct hg_guard;

/* Whether the call is made inside the real free that ends this life: what the program's callbacks do to it there is the
 * library's to allow. Not so while that free still waits, nor by a signal handler, nor by a coroutine, nor if the life
 * had ended before. A handle's life is also ended by the free of one that it was made from, and of all. */
bool hg_inside_free(struct hg_call *call, struct hg_guard *guard);

/* Whether it is made inside the real free of another handle, which is just ending this one with it. */
bool hg_ending_around(struct hg_call *call, struct hg_guard *guard);

/* Inside the real free of a shared handle the program takes a claim on it, or gives one back. False: it is in none, or
 * has not taken it there. */
bool hg_claim_inside(struct hg_call *call, const struct hg_guard *guard, int step);

/* Whether the thread is in a call that stands there. */
bool hg_is_in_flight_at(const struct hg_context *context, uint64_t fp);

/* Gives up calls of this thread that were left without a return, above which this one stands on its stack. */
void hg_retire_left_calls(struct hg_call *call);
static inline void hg_retire_left(struct hg_call *call)
{
	if (hg_frame_before(call->context, NULL))
		hg_retire_left_calls(call);
}

/* The same for all of which a free of this guard would take it that this thread is inside them. */
void hg_retire_left_of(struct hg_call *call, const struct hg_guard *guard);

/* Gives up one call. */
void hg_retire(struct hg_context *context, struct hg_frame *frame);

#endif
