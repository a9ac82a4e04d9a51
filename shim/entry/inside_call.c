#include "entry/inside_call.h"

#include "bind/own_threads.h"
#include "bind/rebound.h"
#include "bind/slots.h"
#include "code/called_word.h"
#include "entry/arguments.h"
#include "entry/entry_state.h"
#include "format/image.h"
#include "format/record.h"
#include "thread/frames.h"

/* A section of their own: return addresses in it are those of the trampolines. */
extern const char __start_hg_trampolines[] __attribute__((visibility("hidden")));
extern const char __stop_hg_trampolines[] __attribute__((visibility("hidden")));

struct question {
	const struct hg_rebound *rebound;
	uint32_t name; /* hash of the function's that was called */
};

static bool is_own_word(uint64_t word, const void *argument)
{
	const struct question *question = argument;
	const struct hg_own_word *own = hg_own_word_at(question->rebound, word);
	/* By a table of another object's the calls are the program's. */
	bool is_inside = word - question->rebound->low < question->rebound->size;
	return (own ? own->name : is_inside ? hg_led_name(word) : 0) == question->name;
}

/* A function that ends by jumping to another one leaves no return address of its own: the other seems to be called by
 * the trampoline that called the first. Null: it is not known which. */
static const struct hg_slot *outer_slot(const struct hg_call *call)
{
	uint64_t outer = ((const uint64_t *)call->fp)[0];
	for (const struct hg_frame *frame = NULL; call->context && (frame = hg_frame_before(call->context, frame));)
		if (frame->fp == outer && hg_frame_used(frame))
			return (const struct hg_slot *)frame->slot;
	return NULL;
}

const struct hg_slot *hg_ended_in_jump(const struct hg_call *call)
{
	uint64_t site = hg_call_site(call);
	bool trampoline = site > (uint64_t)__start_hg_trampolines && site < (uint64_t)__stop_hg_trampolines;
	return trampoline ? outer_slot(call) : NULL;
}

/* The function that was entered last by a call, not by a jump; 0: it is none of a library whose GOT slots are rebound.
 */
static uint64_t entered_last(const struct hg_call *call, uint64_t site)
{
	const struct hg_slot *outer = hg_ended_in_jump(call);
	if (outer)
		return (uint64_t)outer->real;
	return hg_inside_thread_base(site) ? hg_inside_thread_routine() : 0;
}

/* Whether it is the library whose code this is: it may be that of its binding. Where that is not known, what a guarded
 * call makes is the library's, and what a thread does that the object has started. */
static bool is_librarys(const struct hg_call *call, const struct hg_rebound *rebound, uint64_t code)
{
	enum hg_side side = rebound->linked ? hg_side_ranges_at(rebound->linked, code) : HG_SIDE_LIBRARY;
	bool under_way = call->context && hg_frame_before(call->context, NULL);
	return side == HG_SIDE_LIBRARY || (side == HG_SIDE_UNDECIDED && (under_way || hg_inside_thread_routine()));
}

bool hg_inside_call(const struct hg_call *call)
{
	uint64_t site = hg_call_site(call), function = entered_last(call, site);
	const struct hg_rebound *rebound = hg_rebound_at(function ? function : site);
	struct question question = {.rebound = rebound};
	struct hg_entry_state entry;
	/* A start routine beyond the library that takes it is the function; and while a library is being loaded its
	 * GOT slots are not rebound yet. */
	if (!rebound)
		return function ? hg_inside_thread_base(site)
		                : site - call->slot->library_low < call->slot->library_size;
	question.name = hg_name_hash(HG_IMAGE_TEXT(hg_image_of(call->slot), call->slot->name));
	hg_entry_state_of(call, &entry);
	uint64_t word = function ? 0 : hg_called_word(&rebound->code, &entry, &function);
	/* Of a call the last byte: a function can end in it. */
	if (word && is_own_word(word, &question))
		return is_librarys(call, rebound, site - 1);
	return function && is_librarys(call, rebound, function) &&
	       hg_jumps_through(&rebound->code, &entry, function, is_own_word, &question);
}
