/* Running C code that may clobber registers, from code that may not. */
#ifndef HG_PRESERVING_H
#define HG_PRESERVING_H

#include <stdint.h>

/* Calls work(argument) with every register of the processor saved and restored around it, errno too: what C code, libc
 * and the unwinder may clobber, the program must not notice. On the slow paths everything else is compiled to use
 * general registers only. */
void hg_preserving(void (*work)(void *), void *argument);

/* The same on the stack that it is called on, for work that calls the program; hg_preserving uses one of the runtime's
 * own (work_stack.h). `frame` is its own frame, laid out like a trampoline's, from which the stack can be climbed. */
void hg_preserving_here(void (*work)(void *argument, uint64_t frame), void *argument);

#endif
