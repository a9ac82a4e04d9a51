/* libunwind asks whether memory can be read by writing a byte of it into a pipe of its own, whose two descriptors the
 * program would see; it takes locks, which a forked child may find taken for good; and it visits the loaded objects. It
 * is taught to ask without a pipe, to let its locks be counted, and to visit as we do. */
#ifndef HG_UNWINDER_MEMORY_H
#define HG_UNWINDER_MEMORY_H

#include <stdbool.h>

/* Once. `locks_tell`: its locks are counted. Leaves alone the pipe of a libunwind that has it already. False: there is
 * none. */
bool hg_unwinder_load(bool *locks_tell);

/* A function of it by its name; null: it has none. */
void *hg_unwinder_find(const char *name);

/* Whether one of its locks is taken, in this process or, since before the fork, in its parent. */
bool hg_unwinder_is_locked(void);

#endif
