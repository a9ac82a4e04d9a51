/* Python's frames, of any thread, without the interpreter's lock and without stopping anybody: read as they lie in
 * memory. Its own functions for that are not called: they run the program's finalizers (PyThreadState_GetFrame
 * of 3.11), crash where other threads run (_Py_DumpTraceback), or need the lock. */
#include "arch/work_stack.h"
#include "base/counters.h"
#include "process/process.h"
#include "python/python_key.h"
#include "python/python_read.h"
#include "thread/thread.h"

/* Whether what a thread stands on cannot go away meanwhile, so that loads will do: it is the calling thread, which
 * holds the interpreter's lock or is the one that ends the interpreter. Others lose theirs when it ends. */
static bool stays(const struct hg_python *python, const struct hg_told_at *at, uintptr_t state)
{
	if (!at->own || !atomic_load(&python->proven))
		return false;
	return (uintptr_t)python->state_attached() == state ||
	       (at->tid == hg_process_pid() && !python->is_finalizing());
}

static size_t tell(const struct hg_python *python, struct hg_peek *peek, const struct hg_python_frames *chain,
                   uintptr_t state, struct hg_told_frame *frames, size_t room)
{
	struct hg_python_memo memo = {0, 0, 0, 0, false};
	size_t count = 0;
	for (; count < chain->count && count < room; count++) {
		hg_python_doubt_end(python, peek);
		if (!hg_python_tell(python, peek, &chain->list[count], &memo, &frames[count]))
			return 0;
		bool outermost = !chain->cut && count + 1 == chain->count;
		frames[count].entry =
		    hg_python_entry(python, peek, &chain->list[count], memo.is_finalizer, outermost, state);
	}
	return count;
}

/* A stack that does not hold together is not told at all. */
static size_t walk(struct hg_python *python, const struct hg_told_at *at, struct hg_told_frame *frames, size_t room)
{
	struct hg_peek peek;
	struct hg_python_frames chain;
	hg_peek_begin(&peek, false);
	uintptr_t state = at->own ? hg_python_own_state(python, &peek, at->thread, at->tid)
	                          : hg_python_state_of(python, &peek, at->thread, at->tid);
	if (!state)
		return 0;
	peek.plain = stays(python, at, state);
	peek.held = at->own && atomic_load(&python->proven);
	bool whole = hg_python_chain(python, &peek, state, at->below, &chain);
	size_t count = whole ? tell(python, &peek, &chain, state, frames, room) : 0;
	if (!whole || (!count && chain.count))
		hg_count(HG_COUNTER_PYTHON_LOST);
	if (!count)
		return 0;
	atomic_store(&python->proven, true);
	if (at->own)
		hg_python_key_note(python, state);
	return count;
}

/* Where the runtime has no stack of its own left, the walk would run on the program's, which may be a coroutine's. */
static bool has_stack(void)
{
	enum { NEEDED = 64 << 10 }; /* limit: WORK_STACKS */
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	const struct hg_context *context = hg_context;
	bool own = context && here >= context->stack_low && here < context->stack_high;
	return hg_work_stack_end(here) || (own && here - context->stack_low >= NEEDED);
}

size_t hg_python_frames(const struct hg_told_at *at, struct hg_told_frame *frames, size_t room)
{
	size_t count = 0;
	if (!has_stack())
		return 0;
	hg_pythons_update();
	for (unsigned i = 0; i < atomic_load(&hg_python_count) && !count; i++)
		if (atomic_load(&hg_python_list[i].state) == HG_PYTHON_STARTED)
			count = walk(&hg_python_list[i], at, frames, room);
	return count;
}
