/* Which state the interpreter keeps for a thread. It is looked for at each finding: one that was remembered goes stale,
 * since callbacks on C threads get a new one each. */
#include "python/python_read.h"

#include "base/counters.h"
#include "python/python_key.h"

enum { INTERPRETERS = 64, STATES = 10000 }; /* limit: PYTHON_LOST */

static bool belongs(const struct hg_python *python, struct hg_peek *peek, uintptr_t state, uint64_t thread,
                    uint32_t tid)
{
	uint16_t native = python->layout.state.native;
	return hg_peek_word(peek, state + python->layout.state.thread) == thread &&
	       (!native || hg_peek_word(peek, state + native) == tid);
}

/* Of several states of the thread, one for each interpreter that it has been in, the one that runs something. */
static uintptr_t state_in(const struct hg_python *python, struct hg_peek *peek, uintptr_t interpreter, uint64_t thread,
                          uint32_t tid)
{
	uintptr_t state = hg_peek_word(peek, interpreter + python->layout.interpreter.threads);
	for (unsigned i = 0; state && i < STATES; i++) {
		if (belongs(python, peek, state, thread, tid) && hg_python_innermost(python, peek, state, 0))
			return state;
		state = hg_peek_word(peek, state + python->layout.state.next);
	}
	if (state)
		hg_count(HG_COUNTER_PYTHON_LOST);
	return 0;
}

uintptr_t hg_python_state_of(const struct hg_python *python, struct hg_peek *peek, uint64_t thread, uint32_t tid)
{
	uintptr_t interpreter = (uintptr_t)python->first_interpreter(), state = 0;
	for (unsigned i = 0; interpreter && !state && i < INTERPRETERS; i++) {
		state = state_in(python, peek, interpreter, thread, tid);
		interpreter = hg_peek_word(peek, interpreter + python->layout.interpreter.next);
	}
	return state;
}

uintptr_t hg_python_own_state(const struct hg_python *python, struct hg_peek *peek, uint64_t thread, uint32_t tid)
{
	uintptr_t state = hg_python_key_state(python);
	if (state)
		return state;
	state = (uintptr_t)python->state_of_thread();
	/* Up to 3.11 it knows of one state only, of a thread that was in several interpreters. */
	bool sure = python->layout.minor >= 12 || python->first_interpreter() == python->main_interpreter();
	if (state && sure && hg_peek_word(peek, state + python->layout.state.thread) == thread)
		return state;
	return hg_python_state_of(python, peek, thread, tid);
}
