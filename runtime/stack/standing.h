/* How one call of a thread stands to another that is in flight on it. Frames tell that both were made; whether the one
 * was made from within the other, only the stack tells: signal handlers interrupt, coroutines run between, and a raise
 * or a jump leaves calls without a return. */
#ifndef HG_STANDING_H
#define HG_STANDING_H

#include "thread/frames.h"

enum hg_standing {
	HG_STANDING_INSIDE,   /* it was made from within the other one, and returns to it */
	HG_STANDING_HANDLER,  /* the same, but by a signal handler that has interrupted it */
	HG_STANDING_LEFT,     /* the other one was left without a return: its stack has been used anew */
	HG_STANDING_ELSEWHERE /* the other one is parked on another stack, as far as can be seen */
};

/* Of a call that is just being made, and a frame of the same thread. Neither has to be on the thread's own stack. */
enum hg_standing hg_standing(const struct hg_context *context, const struct hg_frame *call,
                             const struct hg_frame *other);

/* Whether the call that the thread of that context is just making is made from within the other one, and not by a
 * signal handler. The other one may be another thread's, which goes on meanwhile: its stack is not walked. */
bool hg_stands_inside(const struct hg_context *context, const struct hg_frame *call, const struct hg_frame *other);

/* Whether the other frame may have been left, as far as can be told without a walk: it stands where the call's own
 * stack has been used anew, or close below on another one. */
bool hg_may_be_left(const struct hg_context *context, const struct hg_frame *call, const struct hg_frame *other);

/* Of a call's place, and that of an older one: the one further out, if both are on the thread's own stack. */
uint64_t hg_outer(const struct hg_context *context, uint64_t place, uint64_t older);

/* Whether the stack of another thread's call has been used anew where it stood: then that one was left without a
 * return. */
bool hg_is_overwritten(const struct hg_frame *frame);

/* Whether the call of a thread that ends is one of a coroutine's whose stack is still there. */
bool hg_is_parked(const struct hg_context *context, const struct hg_frame *frame);

/* Where all frees that are left to the last op return to; set before the frame of one is there. */
extern _Atomic uint64_t hg_deferred_return;

/* Set once a library is seen that runs coroutines on one stack, copying its contents to and fro (greenlet): what stands
 * in a frame's place then says nothing about the frame. */
extern _Atomic bool hg_stacks_are_copied;

/* Whether a call of this thread may be one of a coroutine that is parked, while another runs on the same stack. */
static inline bool hg_may_be_parked(const struct hg_context *owner)
{
	return owner == hg_context && atomic_load(&hg_stacks_are_copied);
}

#endif
