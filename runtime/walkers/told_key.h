/* Keys of places in the user's code: cheap to find at every create and free of a known place in C. */
#ifndef HG_TOLD_KEY_H
#define HG_TOLD_KEY_H

#include "thread/thread.h"

/* The key of the innermost frames of the calling thread, whose C frames are those of the known stack; above that call's
 * return address stands `above`. 0: it cannot be had, or there is none. Touches no vector register. */
uint64_t hg_told_key(const struct hg_known_stack *known, const uint64_t *above);

#endif
