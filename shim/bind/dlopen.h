/* What the program loads at run time. While a load is under way, slots that one of its objects may mean otherwise are
 * not on their fast paths; when it is over, what has come is looked at (bindings.h). */
#ifndef HG_DLOPEN_H
#define HG_DLOPEN_H

#include <stdint.h>

/* Tells that this thread has called something from where its stack ended at `frame`: a load that it began further down
 * is over. May call libc. */
void hg_dlopen_end_here(uintptr_t frame);

/* To be called while the process starts. */
void hg_dlopen_start(void);

#endif
