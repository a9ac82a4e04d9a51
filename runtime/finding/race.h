/* From what a call meets to what the recording keeps: who was on which side. All save the registers themselves. */
#ifndef HG_RACE_H
#define HG_RACE_H

#include "finding/finding.h"

/* A free on its way through the protocol, or an op that must be alone. */
struct hg_race {
	struct hg_event event;              /* of the free or op */
	struct hg_finding_builder *builder; /* once ops in flight were found: it is begun before they may leave */
	uint32_t flags;                     /* enum hg_race_flag */
	uint32_t waker;                     /* symbol of what wakes the ops in flight; UINT32_MAX: nothing does */
};

enum hg_race_flag {
	HG_RACE_OVERLAP = 1,  /* it is an op */
	HG_RACE_WAITS = 2,    /* the op waits for its turn */
	HG_RACE_PASSED = 4,   /* the real free is over: nothing can be done about what was in flight */
	HG_RACE_CALLING = 8,  /* what was to wake the ops has not returned */
	HG_RACE_GOES_ON = 16, /* the real free is called though ops have outlasted the deadline */
	HG_RACE_RETURNED = 32 /* the real functions of all ops in flight have returned: their calls are held back */
};

/* Begins one, whose event is yet to be filled in. Field by field: as a whole it is too large to be zeroed without
 * libc's memset. */
static inline void hg_race_begin(struct hg_race *race, uint32_t flags)
{
	race->builder = NULL;
	race->flags = flags;
	race->waker = UINT32_MAX;
}

/* For hg_free_request.inspect; the argument must begin with a struct hg_race. */
void hg_inspect_race(struct hg_guard *guard, const struct hg_holders *holders, void *race);

/* Records what came of a free, if ops were in flight. */
void hg_report_race(struct hg_race *race, const struct hg_free_result *result, struct hg_guard *guard);

/* Notes an op in flight that has left before its stack could be walked: begins the race's builder with it. */
void hg_note_gone(struct hg_guard *guard, const struct hg_holder *holder, struct hg_race *race);

/* Records a race as what the verdict says. */
void hg_close_race(struct hg_race *race, struct hg_guard *guard, const struct hg_verdict *verdict);

/* Gives up what was noted. */
void hg_race_drop(struct hg_race *race);

/* Whether the event happened in the process from which this one was forked. */
bool hg_event_inherited(const struct hg_event *event);

/* Records a call that should not have come: a late op, a repeat free, a stray. */
void hg_report_call(enum hg_kind kind, struct hg_guard *guard, const struct hg_event *call);

/* Records a call that was given a value of `none` in the place of a handle. */
void hg_report_none(const struct hg_class *class, uint64_t value, const struct hg_event *call);

/* Records a call on a handle that belongs to the process which this one was forked from. */
void hg_report_inherited(struct hg_guard *guard, const struct hg_event *call, bool withheld);

/* Records a free of a handle that was given to another one. */
void hg_report_given(struct hg_guard *guard, const struct hg_guard *parent, const struct hg_event *free, bool withheld);

/* Records a repeat free that is over: it was not rejected. */
void hg_report_passed_free(struct hg_guard *guard, const struct hg_event *call);

/* Whether it is worth a look: handles that were made from a life may be alive. */
bool hg_may_have_orphans(const struct hg_guard *parent, uint32_t generation);

/* Records that a life was freed while handles that were made from it were alive. Not if there are none. `free` is told
 * where the value is in another life already, which has forgotten it; null: not known. */
void hg_report_orphans(struct hg_guard *parent, uint32_t generation, enum hg_children said,
                       const struct hg_event *free);

/* Records what became of a call in flight on its own thread: it left by unwinding, or is found abandoned. A frame that
 * names no handle (a create) is passed over. `walk`: its stack is still there and may be walked (not so in a signal
 * handler, or if the thread is gone). */
void hg_report_frame(enum hg_kind kind, const struct hg_context *owner, const struct hg_frame *frame, bool walk);

/* Records a create that returned a live value. */
void hg_report_reborn(struct hg_guard *guard, const struct hg_event *create, const struct hg_event *previous);

#endif
