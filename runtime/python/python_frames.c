/* The chain of frames. Up to 3.10 each is an object; from 3.11 on they lie in a stack that is used again and again, so
 * that the chain of a thread that runs meanwhile leads through frames that never stood together. */
#include "python/python_read.h"

/* From 3.12 on frames of this owner and above are the interpreter's own: where C code has called it. */
enum { OF_INTERPRETER = 3 };                            /* no limit: a kind of frame */
enum { FRAME_MOST = 112, IS_ENTRY_3_11 = 68 };          /* no limit: as far as any version is read; a place */
enum { STEPS = 4 * HG_PYTHON_FRAMES };                  /* no limit: more than half are never the interpreter's own */
enum { TAGS = 7, TAGGED_SINCE = 14, MIXED_SINCE = 13 }; /* no limit: bits of a pointer; versions */

uintptr_t hg_python_innermost(const struct hg_python *python, struct hg_peek *peek, uintptr_t state, uint64_t below)
{
	const struct hg_python_layout *layout = &python->layout;
	uintptr_t at = hg_peek_word(peek, state + layout->state.frame);
	if (layout->state.in_cframe == HG_PYTHON_NONE)
		return at;
	for (unsigned steps = 0; at && at < below && steps < STEPS; steps++)
		at = hg_peek_word(peek, at + layout->state.outer_cframe);
	return at ? hg_peek_word(peek, at + layout->state.in_cframe) : 0;
}

/* A frame of the interpreter's own lies where C code has called it, on the C stack; but that at the outer end, which is
 * part of the thread's state. */
static bool is_further_in(uintptr_t at, uintptr_t state, uint64_t below)
{
	enum { STATE_SIZE = 8192 }; /* no limit: more than any has */
	return at < below && at - state >= STATE_SIZE;
}

/* How far a frame is read: others may lie at the end of what is mapped. */
static size_t frame_size(const struct hg_python_layout *layout)
{
	size_t end = layout->frame.instruction + (layout->code.bytecode ? sizeof(uint64_t) : sizeof(uint32_t));
	size_t owner = layout->frame.owner + 1u, code = layout->frame.code + sizeof(uint64_t);
	end = owner > end ? owner : end;
	end = code > end ? code : end;
	return end < FRAME_MOST ? end : FRAME_MOST;
}

static uint64_t instruction_in(const struct hg_python *python, const char *copy)
{
	const struct hg_python_layout *layout = &python->layout;
	if (layout->code.bytecode)
		return hg_word_in(copy, layout->frame.instruction);
	return hg_half_in(copy, layout->frame.instruction);
}

/* A frame that was seen before: the chain was changed while it was read. */
static bool is_circle(const struct hg_python_frames *frames, uintptr_t at)
{
	for (unsigned i = 0; i < frames->count; i++)
		if (frames->list[i].at == at)
			return true;
	return false;
}

/* What a frame runs is a code object; from 3.13 on of the interpreter's own frames anything. */
static bool add(const struct hg_python *python, struct hg_peek *peek, struct hg_python_frames *frames, uintptr_t at,
                const char *copy)
{
	const struct hg_python_layout *layout = &python->layout;
	uintptr_t code = hg_word_in(copy, layout->frame.code);
	if (layout->minor >= TAGGED_SINCE)
		code &= ~(uintptr_t)TAGS;
	hg_python_doubt_end(python, peek);
	if (!hg_python_is(python, peek, code, python->code_type))
		return layout->minor >= MIXED_SINCE;
	if (is_circle(frames, at))
		return false;
	struct hg_python_frame *frame = &frames->list[frames->count++];
	frame->at = at;
	frame->code = code;
	frame->instruction = instruction_in(python, copy);
	frame->from_c = layout->minor < 11 || (layout->minor == 11 && copy[IS_ENTRY_3_11]);
	return true;
}

bool hg_python_chain(const struct hg_python *python, struct hg_peek *peek, uintptr_t state, uint64_t below,
                     struct hg_python_frames *frames)
{
	const struct hg_python_layout *layout = &python->layout;
	size_t size = frame_size(layout);
	uintptr_t at = hg_python_innermost(python, peek, state, below);
	frames->count = 0;
	for (unsigned steps = 0; at && frames->count < HG_PYTHON_FRAMES; steps++) {
		char copy[FRAME_MOST];
		if (steps == STEPS || !hg_peek(peek, at, copy, size))
			return false;
		bool own = layout->frame.owner && copy[layout->frame.owner] >= OF_INTERPRETER;
		if (own && is_further_in(at, state, below))
			frames->count = 0;
		if (own && frames->count)
			frames->list[frames->count - 1].from_c = true;
		if (!own && !add(python, peek, frames, at, copy))
			return false;
		at = hg_word_in(copy, layout->frame.back);
	}
	frames->cut = at != 0;
	return true;
}
