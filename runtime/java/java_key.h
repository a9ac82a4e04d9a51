#ifndef HG_JAVA_KEY_H
#define HG_JAVA_KEY_H

#include <stdint.h>

enum { HG_JAVA_KEYED = 24 }; /* no limit: places that differ further out are taken for one */

/* The key of so many of the calling thread's innermost methods, called from further out than `sp`. 0: it cannot be had
 * now. Touches no vector register. */
uint64_t hg_java_key(uint64_t sp, unsigned methods);

#endif
