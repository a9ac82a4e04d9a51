#ifndef HG_TOLD_PLACE_H
#define HG_TOLD_PLACE_H

#include <stdint.h>

/* Tells places in the user's code apart, the same in all processes of a program: made from the innermost frames, out
 * past the binding, whose functions all its users call. 0: there are no frames. */
uint64_t hg_told_place(const uint32_t *told, unsigned count);

#endif
