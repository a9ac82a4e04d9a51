#include "report/print/side.h"

#include <utlist.h>

#include "report/describe/user_frame.h"
#include "report/model/names.h"

/* ---- Calls ---- */

static void add(struct hg_side *sides, size_t *count, const char *what, const struct hg_resolved_call *call)
{
	if (call && *count < HG_MOST_SIDES)
		sides[(*count)++] = (struct hg_side){what, call};
}

static void add_all(struct hg_side *sides, size_t *count, const char *what, const struct hg_resolved_call *calls)
{
	const struct hg_resolved_call *call;

	DL_FOREACH(calls, call)
		add(sides, count, what, call);
}

size_t hg_sides(const struct hg_resolved_finding *finding, struct hg_side sides[HG_MOST_SIDES])
{
	size_t count = 0;

	add(sides, &count, "the call", finding->call);
	add(sides, &count, "the free", finding->free);
	/* The create stands even where many are in flight. */
	add(sides, &count, "the create", finding->create);
	add_all(sides, &count, "in flight", finding->in_flight);
	add_all(sides, &count, "a holder", finding->holders);
	add_all(sides, &count,
	        finding->kind == HG_KIND_ORPHAN ? "the create of a child" : "the create of the other handle",
	        finding->children);
	return count;
}

/* ---- Places ---- */

size_t hg_user_frames(const struct hg_resolved_call *call, const struct hg_resolved_frame **frames)
{
	const struct hg_resolved_stack *stack = &call->stack;

	*frames = stack->told_count > 0 ? stack->told : stack->frames;
	return stack->told_count > 0 ? stack->told_count : stack->count;
}

const struct hg_resolved_frame *hg_user_line(const struct hg_resolved_call *call)
{
	const struct hg_resolved_frame *frame = hg_user_frame(&call->stack);

	return frame && frame->file && frame->line > 0 ? frame : NULL;
}

const struct hg_resolved_frame *hg_finding_line(const struct hg_resolved_finding *finding)
{
	struct hg_side sides[HG_MOST_SIDES];
	size_t count = hg_sides(finding, sides);
	const struct hg_resolved_frame *line = NULL;

	for (size_t i = 0; i < count && !line; i++)
		line = hg_user_line(sides[i].call);
	return line;
}

const char *hg_finding_test(const struct hg_resolved_finding *finding)
{
	struct hg_side sides[HG_MOST_SIDES];
	size_t count = hg_sides(finding, sides);
	const char *test = NULL;

	for (size_t i = 0; i < count && !test; i++)
		test = sides[i].call->test;
	return test;
}

const char *hg_finding_title(struct hg_model *model, const struct hg_group *group)
{
	const char *title = hg_model_printf(model, "%s of %s", hg_kind_name(group->kind), group->class);

	if (group->function)
		title = hg_model_printf(model, "%s: %s", title, group->function);
	if (group->function && group->other_function)
		title = hg_model_printf(model, "%s against %s", title, group->other_function);
	return title;
}
