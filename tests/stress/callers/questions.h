/* What a model's state says, for what the model does next. */
#ifndef QUESTIONS_H
#define QUESTIONS_H

#include "model.h"

static inline const struct function_facts *facts_of(const struct frame *frame)
{
	return &functions[frame->call.function];
}

/* Whether a tap is one of this cask, and not of one that was there before. */
bool model_is_below(const struct model *model, int tap, int cask);
/* The cask of a tap; null: it has none, or another one is there by now. */
struct place *model_parent_of(struct model *model, int place);

/* Whether a call is in flight on a handle; whether any is. */
bool model_is_on(const struct model *model, const struct frame *frame, int place);
bool model_is_in_flight(const struct model *model, int place);

/* Whether a call is in that will end a handle when it returns. */
bool model_is_finished(const struct model *model, int place);

/* The free of a handle that runs what the strand does; null: none does. */
const struct frame *model_free_around(const struct strand *strand, int place);
/* Whether what the strand does to a handle is what the free that runs it is about. */
bool model_is_inside(struct model *model, const struct strand *strand, int place);
/* A free from inside an op that was let through only because its handle is going. */
bool model_is_inside_passing(const struct strand *strand, int subject);

/* Calls in flight that a thread has begun. */
unsigned model_depth_of(const struct model *model, int thread);

/* Whether somebody else can end every call that is waited for. */
bool model_may_wait(const struct model *model, int self, int place);

/* Whether nobody can tell if a create that has called back before it returns its handle is making this one; or whose an
 * op is that this thread began, and another one runs by now. */
bool model_is_doubtful(const struct model *model, int strand, int place);
bool model_is_handed_over(const struct model *model, int thread, int place);

#endif
