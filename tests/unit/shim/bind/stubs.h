/* The program as a preload object of libthing: it exports the stubs of its functions, which lead to a trampoline that
 * guards nothing and only looks up what the caller means. */
#ifndef STUBS_H
#define STUBS_H

#include "guarded.h"

/* The stubs, as others reach them by their names. */
int thing_which(void);
int thing_twice(void);
int thing_free(void);

/* Lists the image and starts the runtime: the process has loaded nothing yet. */
void start_stubs(void);

/* Loads, and does what follows every load. */
void *load_seen(const char *name, int flags);

#endif
