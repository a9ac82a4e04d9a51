/* By loads alone, which are safe because they are made of the calling thread's own frames, as they were found by the
 * walk that proved its state. What could take them away is the end of the interpreter, which takes the frames of
 * threads that do not hold its lock; it says so first. */
#include "python/python_key.h"

#include "base/mix.h"
#include "format/user_place.h"

enum { KEYED = HG_USER_PLACE_KEYED }; /* no limit: user_place.h */
enum { STEPS = 4 * KEYED };           /* no limit: where the interpreter's own frames lie between */
enum { OF_INTERPRETER = 3 };          /* no limit: a kind of frame (python_frames.c) */
enum { FIRST_KNOWING_ALL = 12 }; /* no limit: a version: the first that knows a thread's state in any interpreter */

static __thread struct {
	const struct hg_python *python;
	uintptr_t state;
} own __attribute__((tls_model("initial-exec")));

void hg_python_key_note(const struct hg_python *python, uintptr_t state)
{
	own.python = python;
	own.state = state;
}

static uintptr_t word_at(uintptr_t at, size_t offset)
{
	return *(const uintptr_t *)(at + offset);
}

/* Whether the state that was proven is still the one in which the thread runs, and stays. */
static bool is_current(const struct hg_python *python)
{
	if (!python || atomic_load_explicit(&python->state, memory_order_relaxed) != HG_PYTHON_STARTED ||
	    (uintptr_t)python->state_of_thread() != own.state)
		return false;
	if (python->layout.minor < FIRST_KNOWING_ALL && python->first_interpreter() != python->main_interpreter())
		return false;
	return !python->is_finalizing() || (uintptr_t)python->state_attached() == own.state;
}

uintptr_t hg_python_key_state(const struct hg_python *python)
{
	return own.python == python && is_current(python) ? own.state : 0;
}

uint64_t hg_python_key(void)
{
	const struct hg_python *python = own.python;
	if (!is_current(python))
		return 0;
	const struct hg_python_layout *layout = &python->layout;
	uintptr_t frame = word_at(own.state, layout->state.frame);
	if (layout->state.in_cframe != HG_PYTHON_NONE && frame)
		frame = word_at(frame, layout->state.in_cframe);
	uint64_t key = 0;
	for (int steps = 0, keyed = 0; frame && keyed < KEYED && steps < STEPS; steps++) {
		bool theirs = !layout->frame.owner || *(const char *)(frame + layout->frame.owner) < OF_INTERPRETER;
		if (theirs) {
			const void *instruction = (const void *)(frame + layout->frame.instruction);
			key = hg_mix(key, word_at(frame, layout->frame.code));
			key = hg_mix(key, layout->code.bytecode ? *(const uint64_t *)instruction
			                                        : *(const uint32_t *)instruction);
			keyed++;
		}
		frame = word_at(frame, layout->frame.back);
	}
	return key;
}
