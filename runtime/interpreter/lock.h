/* Locks of interpreters, which whoever runs their code holds: an op that calls back into the program, or the thread
 * that would wake it, waits for whoever holds one. */
#ifndef HG_INTERPRETER_LOCK_H
#define HG_INTERPRETER_LOCK_H

#include <stdbool.h>

/* Whether the calling thread holds the lock of an interpreter: of CPython (or is attached to one without such a lock),
 * of Node or another program that runs V8, of Ruby. Looks at what is loaded, and loads nothing. Saves all registers. */
bool hg_interpreter_lock_held(void);

#endif
