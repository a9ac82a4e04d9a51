#include "report/describe/walk.h"

#include <utlist.h>

static void walk_list(struct hg_resolved_call *calls, hg_call_visitor *visit, void *context)
{
	struct hg_resolved_call *call;

	DL_FOREACH(calls, call)
		visit(context, call);
}

static void walk_finding(struct hg_resolved_finding *finding, hg_call_visitor *visit, void *context)
{
	if (finding->call)
		visit(context, finding->call);
	if (finding->free)
		visit(context, finding->free);
	if (finding->create)
		visit(context, finding->create);
	walk_list(finding->in_flight, visit, context);
	walk_list(finding->children, visit, context);
	walk_list(finding->holders, visit, context);
	walk_list(finding->recent, visit, context);
}

void hg_walk_calls(struct hg_model *model, hg_call_visitor *visit, void *context)
{
	const struct hg_recording *recording;
	struct hg_op_in_flight *op;

	for (const struct hg_group *group = model->groups; group; group = group->hh.next)
		walk_finding(group->resolved, visit, context);
	DL_FOREACH(model->recordings, recording)
		DL_FOREACH(recording->in_flight, op)
			visit(context, &op->call);
}

void hg_walk_frames(struct hg_resolved_stack *stack, hg_frame_visitor *visit, void *context)
{
	for (size_t i = 0; i < stack->count; i++)
		visit(context, &stack->frames[i]);
	for (size_t i = 0; i < stack->told_count; i++)
		visit(context, &stack->told[i]);
	if (stack->creator)
		visit(context, stack->creator);
}
