/* A full unwind at every create and free would cost more than the library's own work, so each thread remembers the
 * stacks of the call sites that it has seen, and where on the stack the nearest callers' return addresses stood. A
 * stack is taken for the remembered one if these are still there. Stacks that differ further out are taken for one: the
 * price of not walking. */
#include "arch/preserving.h"
#include "base/options.h"
#include "format/record.h"
#include "stack/depot.h"
#include "stack/stack.h"
#include "thread/thread.h"

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

/* What stands above the call's return address. */
static const uint64_t *stack_above(const struct hg_frame *frame)
{
	return (const uint64_t *)(frame->fp & 1 ? frame->fp & ~UINT64_C(1) : frame->fp + 16);
}

/* How many words from there on can be read for certain: on the thread's own stack to its end, on another to the page's.
 */
static uint64_t words_above(const struct hg_context *context, const uint64_t *above)
{
	/* no limit: what lies further out is not compared, as the top of this file says */
	enum { MOST_WORDS = 1024, PAGE = 4096 };
	uint64_t from = (uint64_t)above, end = ((from - 1) | (PAGE - 1)) + 1; /* the page of the return address below */
	if (from >= context->stack_low && from < context->stack_high)
		end = context->stack_high;
	uint64_t words = (end - from) / sizeof *above;
	return words < MOST_WORDS ? words : MOST_WORDS;
}

static void note_callers(struct hg_known_stack *known, const struct hg_context *context, const struct hg_frame *frame)
{
	unsigned depth;
	const uint64_t *pc = hg_depot_get((uint32_t)known->stack, &depth), *above = stack_above(frame);
	uint64_t words = words_above(context, above), word = 0;
	for (unsigned i = 0; i < HG_KNOWN_CALLERS && i + 1 < depth; i++) {
		while (word < words && above[word] != pc[i + 1])
			word++;
		if (word == words)
			return;
		known->callers[i] = (uint16_t)++word;
	}
}

/* From the innermost outwards: if a caller is the same, so is the size of its frame, and the next place is on the
 * stack. */
static bool same_callers(const struct hg_known_stack *known, const struct hg_frame *frame)
{
	unsigned depth;
	const uint64_t *pc = hg_depot_get((uint32_t)known->stack, &depth), *above = stack_above(frame);
	for (unsigned i = 0; i < HG_KNOWN_CALLERS && known->callers[i]; i++)
		if (above[known->callers[i] - 1] != pc[i + 1])
			return false;
	return true;
}

uint32_t hg_stack_here(struct hg_context *context, const struct hg_frame *frame)
{
	uint64_t hash = (frame->caller ^ frame->fp * 31) * UINT64_C(0x9e3779b97f4a7c15);
	struct hg_known_stack *known = &context->stacks[hash >> (64 - HG_STACK_CACHE_BITS)];
	if (known->caller == frame->caller && known->fp == frame->fp && known->caller_fp == caller_fp(frame) &&
	    same_callers(known, frame))
		return (uint32_t)known->stack;
	struct capture what = {.frame = frame, .settled = true};
	if (hg_options.stacks == 0)
		hg_preserving(capture, &what);
	else
		what.stack = hg_depot_put(&frame->caller, 1);
	if (what.settled) {
		*known = (struct hg_known_stack){frame->caller, frame->fp, caller_fp(frame), what.stack, {0}};
		note_callers(known, context, frame);
	}
	return what.stack;
}
