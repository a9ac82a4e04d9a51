/* A full unwind at every create and free would cost more than the library's own work, so each thread remembers the
 * stacks of the call sites that it has seen, and where on the stack the nearest callers' return addresses stood. A
 * stack is taken for the remembered one if these are still there. Stacks that differ further out are taken for one: the
 * price of not walking. */
#include "arch/preserving.h"
#include "base/mix.h"
#include "base/options.h"
#include "format/record.h"
#include "stack/depot.h"
#include "stack/known_place.h"
#include "stack/stack.h"
#include "thread/thread.h"
#include "walkers/told_key.h"

struct capture {
	const struct hg_context *context;
	const struct hg_frame *frame;
	struct hg_captured captured;
};

static void capture(void *argument)
{
	struct capture *what = argument;
	hg_stack_capture(what->context, what->frame, &what->captured);
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

/* False: some of the nearest stand nowhere. */
static bool note_callers(struct hg_known_stack *known, const struct hg_context *context, const struct hg_frame *frame)
{
	struct hg_stack stack = hg_depot_get((uint32_t)known->stack);
	const uint64_t *above = stack_above(frame);
	uint64_t words = words_above(context, above), word = 0;
	for (unsigned i = 0; i < HG_KNOWN_CALLERS && i + 1 < stack.depth; i++) {
		while (word < words && above[word] != stack.pc[i + 1])
			word++;
		if (word == words)
			return false;
		known->callers[i] = (uint16_t)++word;
	}
	return stack.depth > 1;
}

/* From the innermost outwards: if a caller is the same, so is the size of its frame, and the next place is on the
 * stack. */
static bool same_callers(const struct hg_known_stack *known, const struct hg_frame *frame)
{
	const uint64_t *pc = hg_depot_pc((uint32_t)known->stack), *above = stack_above(frame);
	for (unsigned i = 0; i < HG_KNOWN_CALLERS && known->callers[i]; i++)
		if (above[known->callers[i] - 1] != pc[i + 1])
			return false;
	return true;
}

/* Whether all C frames are compared, from the call to what Go calls. */
static bool called_from(const struct hg_known_stack *known, uint64_t goroutine_pc)
{
	struct hg_stack stack = hg_depot_get((uint32_t)known->stack);
	for (unsigned i = 0; i < stack.depth && (i == 0 || (i <= HG_KNOWN_CALLERS && known->callers[i - 1])); i++)
		if (stack.pc[i] == goroutine_pc)
			return true;
	return false;
}

/* What stands further out than that is not found again: such a place is captured each time. */
static bool note_spot(struct hg_known_stack *known, const struct hg_context *context, const struct hg_frame *frame,
                      const struct hg_captured *captured)
{
	const uint64_t *above = stack_above(frame);
	uint64_t words = words_above(context, above);
	uint64_t goroutine = (captured->spot.goroutine - (uint64_t)above) / sizeof *above;
	uint64_t depth = (captured->spot.depth - (uint64_t)above) / sizeof *above;
	known->languages = captured->languages;
	known->methods = (uint16_t)captured->spot.methods;
	if (!(captured->languages >> HG_LANGUAGE_GO & 1))
		return true;
	if (goroutine >= words || depth >= words || !called_from(known, captured->spot.goroutine_pc))
		return false;
	known->goroutine = (uint16_t)goroutine;
	known->depth = (uint16_t)depth;
	known->goroutine_pc = captured->spot.goroutine_pc;
	return true;
}

static uint64_t c_place_of(uint32_t number)
{
	struct hg_stack stack = hg_depot_get(number);
	uint64_t place = 1;
	for (unsigned i = 0; i < stack.depth; i++)
		place = hg_mix(place, stack.pc[i]);
	return place;
}

static void remember(struct hg_context *context, struct hg_known_stack *known, const struct hg_frame *frame,
                     const struct hg_captured *captured)
{
	*known = (struct hg_known_stack){
	    .caller = frame->caller, .fp = frame->fp, .caller_fp = caller_fp(frame), .stack = captured->stack};
	known->callers_tell = note_callers(known, context, frame);
	if (!captured->languages)
		return;
	known->c_place = c_place_of(captured->stack);
	if (note_spot(known, context, frame, captured))
		known->place = hg_told_key(known, stack_above(frame));
	if (known->place)
		hg_known_place_keep(known->place, captured->stack);
	else
		known->fp = 0;
}

/* Of a call whose C frames are those of a known one. False: its place in the user's code is not known. */
static bool find_place(const struct hg_known_stack *known, const struct hg_frame *frame, uint32_t *stack)
{
	*stack = (uint32_t)known->stack;
	if (!known->languages)
		return true;
	uint64_t key = hg_told_key(known, stack_above(frame));
	if (key == known->place)
		return true;
	return key && hg_known_place_find(key, stack);
}

/* --- where they are remembered: each call has two slots, as a pair that takes turns (a create and its free, say) may
 * come to the same --- */

static struct hg_known_stack *slots_of(struct hg_context *context, const struct hg_frame *frame)
{
	uint64_t hash = hg_mix(frame->caller, frame->fp * 31);
	return &context->stacks[hash >> (64 - HG_STACK_CACHE_BITS) & ~UINT64_C(1)];
}

/* The one with these frames of C; null: neither. */
static struct hg_known_stack *find_known(struct hg_known_stack *slots, const struct hg_frame *frame)
{
	for (struct hg_known_stack *known = slots; known < slots + 2; known++)
		if (known->caller == frame->caller && known->fp == frame->fp &&
		    (known->callers_tell || known->caller_fp == caller_fp(frame)) && same_callers(known, frame))
			return known;
	return NULL;
}

static struct hg_known_stack *take_slot(struct hg_context *context, struct hg_known_stack *slots)
{
	if (slots[0].fp && slots[1].fp)
		return &slots[context->next_stack++ & 1];
	return slots[0].fp ? &slots[1] : &slots[0];
}

uint32_t hg_stack_here(struct hg_context *context, const struct hg_frame *frame)
{
	struct hg_known_stack *slots = slots_of(context, frame), *known = find_known(slots, frame);
	uint32_t stack;
	if (known && find_place(known, frame, &stack))
		return stack;
	struct capture what = {.context = context, .frame = frame, .captured = {.settled = true}};
	if (hg_options.stacks == 0)
		hg_preserving(capture, &what);
	else
		what.captured.stack = hg_depot_put(&(struct hg_stack){.pc = &frame->caller, .depth = 1});
	if (what.captured.settled)
		remember(context, known ? known : take_slot(context, slots), frame, &what.captured);
	return what.captured.stack;
}
