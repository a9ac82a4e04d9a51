/* Stacks on which the runtime does its heavier work, because the program's may be small: a coroutine's, or the one that
 * its signal handlers run on. */
#ifndef HG_WORK_STACK_H
#define HG_WORK_STACK_H

#include <stdint.h>

/* A stack for the calling thread's use: its end, aligned to 64 bytes. 0: to stay on the one that it is on. Touches
 * general registers only. */
uintptr_t hg_work_stack_take(void);

/* The same without a system call: 0 also if there is none that is free. */
uintptr_t hg_work_stack_take_ready(void);

/* Sees to it that there is one that is free, for whoever comes next. Before it is called there are none. May call libc.
 */
void hg_work_stack_spare(void);

/* Where the stack ends that the calling thread works on, if the address is on it. 0: it is not. */
uintptr_t hg_work_stack_end(uintptr_t address);

/* Gives it back, from another one. */
void hg_work_stack_give(uintptr_t end);

#endif
