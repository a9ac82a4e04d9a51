#ifndef HG_JAVA_FRAMES_H
#define HG_JAVA_FRAMES_H

#include <stdbool.h>

/* False: of the calling thread's latest walk, that a later one may find more. */
bool hg_java_settled(void);

#endif
