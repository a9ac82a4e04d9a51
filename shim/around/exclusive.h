/* Classes whose ops must not overlap on one handle, or whose ops and frees must all come from the thread that created
 * it. */
#ifndef HG_EXCLUSIVE_H
#define HG_EXCLUSIVE_H

#include "entry/call.h"
#include "finding/race.h"
#include "protocol/guard.h"

/* Whether a class asks for any of it. */
static inline bool hg_is_exclusive(const struct hg_class *class)
{
	return class->flags & (HG_CLASS_EXCLUSIVE | HG_CLASS_SERIALISED | HG_CLASS_OWN_THREAD);
}

/* Whether a use is subject to it. */
static inline bool hg_must_be_alone(const struct hg_image_use *use)
{
	return !use->concurrent && !use->allowed_while_freeing && use->frees == HG_USE_OP;
}

/* An op on its way into a handle of such a class. */
struct hg_overlap {
	struct hg_race race;
	uint64_t begun; /* ticks when it began to wait; 0: it did not */
	bool owns;      /* the handle is this thread's till its outermost op leaves, or longer */
};

/* Before the op enters: says so if the thread is not the one that created the handle and, if ops are to run one after
 * the other, waits until no other thread's is in, the handle is being freed or the class's deadline has passed. */
void hg_exclusive_before(struct hg_call *call, struct hg_guard *guard, struct hg_overlap *overlap);

/* After it has entered. False: it has lost the handle to another thread meanwhile, and has to leave and begin again. */
bool hg_exclusive_entered(struct hg_call *call, struct hg_guard *guard, struct hg_overlap *overlap);

/* The op was rejected. */
void hg_exclusive_refused(struct hg_call *call, struct hg_guard *guard, struct hg_overlap *overlap);

/* Before a free of such a class begins: says so if the thread is not the one that created the handle. */
void hg_exclusive_before_free(struct hg_call *call, const struct hg_image_use *use, struct hg_guard *guard);

/* After an op of any thread has left, also by unwinding: lets its stack be walked, and the next one in. */
void hg_exclusive_left(struct hg_context *context, struct hg_guard *guard);

#endif
