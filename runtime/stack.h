/* Capturing stacks: raw program counters only; names come later, in the tool. */
#ifndef HG_STACK_H
#define HG_STACK_H

#include "thread.h"

/* The number, in the depot, of the calling thread's stack as of the guarded call whose trampoline (or embedded guard)
 * has this frame. A call site that the thread has seen at this depth before costs a look-up; otherwise registers are
 * saved and the stack is unwound. With stacks off it is the call site alone. */
uint32_t hg_stack_here(struct hg_context *context, const struct hg_frame *frame);

/* Loads the unwinder, if that has not been tried. Later it happens at the first stack. May call libc. */
void hg_stack_load(void);

/* Unwinds that stack and keeps it in the depot. *settled is false if a later try may see more. May call libc. */
uint32_t hg_stack_capture(const struct hg_frame *frame, bool *settled);

/* Walks the stack of an op in flight on any thread, from its frame, without stopping that thread. The op must not be
 * able to return meanwhile (see "inspection" in guard.c). Returns the depth; *cut if there is more. May call libc. */
unsigned hg_stack_of_frame(const struct hg_frame *frame, uint64_t *pc, unsigned most, bool *cut);

#endif
