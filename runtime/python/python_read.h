/* Reading one of Python's objects after the other. Every type is checked before what hangs on it is believed. */
#ifndef HG_PYTHON_READ_H
#define HG_PYTHON_READ_H

#include "python/python_process.h"
#include "told/peek.h"
#include "told/told.h"

/* --- python_thread.c --- */

/* The state of the thread with this pthread_self() and number in the system, in whichever interpreter runs something
 * for it; 0: it has none. */
uintptr_t hg_python_state_of(const struct hg_python *python, struct hg_peek *peek, uint64_t thread, uint32_t tid);

/* The calling thread's. */
uintptr_t hg_python_own_state(const struct hg_python *python, struct hg_peek *peek, uint64_t thread, uint32_t tid);

/* --- python_frames.c --- */

/* A function that is being run. */
struct hg_python_frame {
	uintptr_t at, code;
	uint64_t instruction; /* as the frame has it */
	bool from_c;          /* it was called by C code, not by the next frame's byte code; before 3.11 always */
};

enum { HG_PYTHON_FRAMES = 64 }; /* limit: told as HG_PARTY_STACK_CUT */

struct hg_python_frames {
	unsigned count;
	bool cut; /* there are more */
	struct hg_python_frame list[HG_PYTHON_FRAMES];
};

/* Where a thread's state has its innermost frame; 0: it runs nothing. What C code has called from lower on the C stack
 * than `below` is passed over, from 3.11 on. */
uintptr_t hg_python_innermost(const struct hg_python *python, struct hg_peek *peek, uintptr_t state, uint64_t below);

/* The frames of a thread's state from there on, innermost first. False: something is not as it must be. */
bool hg_python_chain(const struct hg_python *python, struct hg_peek *peek, uintptr_t state, uint64_t below,
                     struct hg_python_frames *frames);

/* --- python_code.c --- */

/* The texts of the frame before. */
struct hg_python_memo {
	uintptr_t name, file;
	uint32_t function_text, file_text;
	bool is_finalizer;
};

/* What a frame is shown as. False: it is none. */
bool hg_python_tell(const struct hg_python *python, struct hg_peek *peek, const struct hg_python_frame *frame,
                    struct hg_python_memo *memo, struct hg_told_frame *told);

/* --- python_entry.c --- */

/* Why the interpreter called the function of a frame of this state: HG_TOLD_FINALIZER and the like, or-ed. 0: because
 * the program did, as far as is known. */
uint32_t hg_python_entry(const struct hg_python *python, struct hg_peek *peek, const struct hg_python_frame *frame,
                         bool is_finalizer, bool outermost, uintptr_t state);

/* Whether a method of this name is called __del__. */
bool hg_python_is_finalizer(const char *name, size_t length);

/* --- python_text.c --- */

/* A str as UTF-8, with a question mark for what cannot be printed; cut if it is longer. Returns its length; 0 also if
 * it is no str. */
size_t hg_python_text(const struct hg_python *python, struct hg_peek *peek, uintptr_t object, char *out, size_t room);

/* Whether what stands there is an object of that type. */
static inline bool hg_python_is(const struct hg_python *python, struct hg_peek *peek, uintptr_t object, uintptr_t type)
{
	return hg_peek_held_word(peek, object + python->layout.type) == type;
}

/* Before each frame: what a thread's frames hold stays until the interpreter's end has come far, which says so first.
 */
static inline void hg_python_doubt_end(const struct hg_python *python, struct hg_peek *peek)
{
	peek->held = peek->held && !python->is_finalizing();
}

#endif
