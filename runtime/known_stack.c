/* A full unwind at every create and free would cost more than the library's own work, so each thread remembers the
 * stacks of the call sites that it has seen. Two different stacks with the same call site, depth and caller's frame
 * pointer are taken for one: the price of not walking. */
#include "depot.h"
#include "process.h"
#include "stack.h"

struct capture {
	const struct hg_frame *frame;
	uint32_t stack;
	bool settled;
};

static void capture(void *argument)
{
	struct capture *what = argument;
	what->stack = hg_stack_capture(what->frame, &what->settled);
}

static uint64_t caller_fp(const struct hg_frame *frame)
{
	return frame->fp & 1 ? frame->caller_fp : *(const uint64_t *)frame->fp;
}

uint32_t hg_stack_here(struct hg_context *context, const struct hg_frame *frame)
{
	uint64_t hash = (frame->caller ^ frame->fp * 31) * UINT64_C(0x9e3779b97f4a7c15);
	struct hg_known_stack *known = &context->stacks[hash >> (64 - HG_STACK_CACHE_BITS)];
	if (known->caller == frame->caller && known->fp == frame->fp && known->caller_fp == caller_fp(frame))
		return (uint32_t)known->stack;
	struct capture what = {.frame = frame, .settled = true};
	if (hg_options.stacks == 0)
		hg_preserving(capture, &what);
	else
		what.stack = hg_depot_put(&frame->caller, 1);
	if (what.settled)
		*known = (struct hg_known_stack){frame->caller, frame->fp, caller_fp(frame), what.stack};
	return what.stack;
}
