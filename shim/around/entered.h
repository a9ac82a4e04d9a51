/* What a call has entered, until it leaves. */
#ifndef HG_ENTERED_H
#define HG_ENTERED_H

#include "entry/call.h"
#include "protocol/guard.h"

/* For a free, and for a create, whose handle is not known yet (a call can be both), or a call of no handle: no drain
 * waits for it, but whoever is interested in calls in flight sees it. */
void hg_push_free_frame(struct hg_call *call, struct hg_guard *guard);
void hg_pop_free_frame(struct hg_call *call);
void hg_push_create_frame(struct hg_call *call);
void hg_pop_create_frame(struct hg_call *call);

/* Keeps what the call has entered until it leaves; what there is no room for is not kept in flight. Null: a frameless
 * op. */
void hg_note_entered(struct hg_call *call, struct hg_guard *guard, struct hg_frame *frame);

/* Leaves all of it. */
void hg_leave_ops(struct hg_call *call);

/* Ends a call whose frame is given up by other means than its return. */
void hg_leave_frame(struct hg_frame *frame);

/* Where nobody waits for an op, and none has been left to it, a forked child need not know of it. */
static inline bool hg_is_awaited(const struct hg_guard *guard)
{
	return atomic_load(&guard->word) & HG_WORD_TELL;
}

/* A forked child returns into a call of its parent's. False: there is nothing to leave: it has not come to know that it
 * is in it, or cannot know. */
bool hg_take_over(struct hg_call *call);

#endif
