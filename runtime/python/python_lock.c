/* Not by PyGILState_Check: once there has been a subinterpreter it says yes to everybody. */
#include "python/python_lock.h"

#include <pthread.h>

#include "python/python_read.h"

enum { OWN_STATES = 12 }; /* no limit: the minor version since which each thread knows its own state */

/* Up to 3.11 there is one state that runs, whosever it is. Of a thread that is in a subinterpreter, what it says its
 * own is is another interpreter's. */
static bool is_own(const struct hg_python *python, uintptr_t state)
{
	struct hg_peek peek;
	if (state == (uintptr_t)python->state_of_thread())
		return true;
	if (atomic_load(&python->state) != HG_PYTHON_STARTED)
		return false;
	hg_peek_begin(&peek, false);
	return hg_peek_word(&peek, state + python->layout.state.thread) == (uintptr_t)pthread_self();
}

static bool holds(const struct hg_python *python)
{
	int known = atomic_load(&python->state);
	if ((known != HG_PYTHON_STARTED && known != HG_PYTHON_UNKNOWN) || !python->state_attached ||
	    !python->state_of_thread)
		return false;
	uintptr_t attached = (uintptr_t)python->state_attached();
	return attached && (python->minor >= OWN_STATES || is_own(python, attached));
}

bool hg_python_lock_held(void)
{
	hg_pythons_update();
	for (unsigned i = 0; i < atomic_load(&hg_python_count); i++)
		if (holds(&hg_python_list[i]))
			return true;
	return false;
}
