/* Files that were looked through for guarded functions and have none, so that a large symbol table is read at one start
 * of a program, not at each. `handleguard run` names the file that keeps them (run/look_once.h); without one
 * nothing is kept. All that it holds is keys: what is lost of it is looked at again, and what is damaged is the key of
 * nothing. */
#ifndef HG_LOOKED_THROUGH_H
#define HG_LOOKED_THROUGH_H

#include <stdbool.h>
#include <stdint.h>

/* To be called while the process starts. */
void hg_looked_through_start(void);

/* Whether `key` was noted: by this process or another one, now or earlier. A key is never 0. */
bool hg_looked_through(uint64_t key);
void hg_looked_through_note(uint64_t key);

#endif
