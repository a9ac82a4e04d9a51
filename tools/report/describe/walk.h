/* Every call that a report tells, one after another. */
#ifndef HG_REPORT_DESCRIBE_WALK_H
#define HG_REPORT_DESCRIBE_WALK_H

#include "report/model/model.h"

typedef void hg_call_visitor(void *context, struct hg_resolved_call *call);
typedef void hg_frame_visitor(void *context, struct hg_resolved_frame *frame);

/* Those of the findings, and those that processes were in at their end. */
void hg_walk_calls(struct hg_model *model, hg_call_visitor *visit, void *context);

/* The frames of C, those that the process told, and where a goroutine was created. */
void hg_walk_frames(struct hg_resolved_stack *stack, hg_frame_visitor *visit, void *context);

#endif
