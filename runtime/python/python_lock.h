/* Whether the calling thread runs Python code. */
#ifndef HG_PYTHON_LOCK_H
#define HG_PYTHON_LOCK_H

#include <stdbool.h>

/* Whether it holds the lock of an interpreter, or is attached to one that has none. May call libc. */
bool hg_python_lock_held(void);

#endif
