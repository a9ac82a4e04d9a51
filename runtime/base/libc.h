/* Functions of the C library itself, whatever was put before them: by a preload object, by a sanitizer, by the program.
 */
#ifndef HG_LIBC_H
#define HG_LIBC_H

#include <stdbool.h>

/* Null: it has none of this name, or several that are chosen from by the processor. Of several versions any: they are
 * taken to be the same function. Takes no lock; may be called at any time, also while the process starts. */
void *hg_libc_function(const char *name);

/* Whether it is the GNU one: a program that is fully static, and has the runtime inside, may have another. */
bool hg_libc_is_gnu(void);

#endif
