/* libunwind asks whether memory can be read by writing a byte of it into a pipe of its own, whose two descriptors the
 * program would see; it takes locks, which a forked child may find taken for good; and it visits the loaded objects. It
 * is taught to ask without a pipe, to let its locks be counted, and to visit as we do. */
#ifndef HG_UNWINDER_MEMORY_H
#define HG_UNWINDER_MEMORY_H

#include <stdbool.h>

/* What libunwind calls this, which its header makes names of, to be looked up. */
#define HG_UNWINDER_TEXT(x) #x
#define HG_UNWINDER_NAME(x) HG_UNWINDER_TEXT(x)

/* `library` is libunwind's handle from dlopen. Leaves alone the pipe of a libunwind that has it already. False: its
 * locks cannot be counted. */
bool hg_unwinder_adapt(void *library);

/* For 64-bit Arm libunwind reads where a frame leads without asking whether that can be read, and the last frame of a
 * thread leads to nowhere, at times. From then on such a walk ends there. */
void hg_unwinder_check_reads(void *library);

/* A walk of this thread begins: what the one before has found readable may be gone. */
void hg_unwinder_begin(void);

/* Whether one of its locks is taken, in this process or, since before the fork, in its parent. */
bool hg_unwinder_is_locked(void);

#endif
