/* The key of a place in Python's code: cheap to find at every create and free of a known place in C. */
#ifndef HG_PYTHON_KEY_H
#define HG_PYTHON_KEY_H

#include "python/python_process.h"

/* The calling thread was walked, and this is its state there: what hg_python_key needs to know. */
void hg_python_key_note(const struct hg_python *python, uintptr_t state);

/* The calling thread's state, if it was noted and is still the one in which the thread runs; 0: it has to be found. */
uintptr_t hg_python_key_state(const struct hg_python *python);

/* The innermost three of the calling thread's frames, and where they are in their byte code, as one number. 0: it
 * cannot be had, the thread has to be walked once more. Touches no vector register. */
uint64_t hg_python_key(void);

#endif
