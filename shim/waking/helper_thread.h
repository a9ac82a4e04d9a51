/* Threads of the runtime's own. */
#ifndef HG_HELPER_THREAD_H
#define HG_HELPER_THREAD_H

#include <stdbool.h>

/* Starts a detached one, as the program's threads are started, so that a sanitizer knows of it. No signal of the
 * program's is for it. False: it cannot be had. May call libc. */
bool hg_helper_thread(void *(*run)(void *), void *argument);

#endif
