/* The runtime's start: with the first guarded call of a process, of a forked child, and of each thread. All that has
 * something to do then is told from here. */
#ifndef HG_START_H
#define HG_START_H

#include <stdbool.h>

#include "process/process.h"
#include "thread/thread.h"

/* To be called while the process starts: takes the options from the environment, and notes which program this is,
 * before the program can change its environment or its root. Without it, the start does so. */
void hg_process_prepare(void);

/* Set by the shim before any start: tells the runtime of classes and symbols. Called at each start, not in children,
 * which inherit them. */
extern void (*hg_process_on_start)(void);

/* Starts the runtime if need be. False if it is being started just now by this thread (then the call must go through
 * unguarded) or if memory was refused. May call libc: only with vector registers saved. */
bool hg_process_start(void);

/* Makes the calling thread one anew. */
struct hg_context *hg_context_begin(void);

/* The calling thread's context, made if there is none yet. Null if the runtime cannot be had right now: the call goes
 * through unguarded. Touches no vector register. */
static inline struct hg_context *hg_context_here(void)
{
	struct hg_context *context = hg_context;
	bool is_ours = context && context->epoch && context->epoch == hg_process_epoch();
	return is_ours ? context : hg_context_begin();
}

#endif
