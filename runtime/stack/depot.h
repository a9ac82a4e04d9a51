/* Each distinct stack once. Lock-free; stacks are never given up. */
#ifndef HG_DEPOT_H
#define HG_DEPOT_H

#include <stdint.h>

/* The number of this stack, the same for the same counters; 0 if the depot is full. */
uint32_t hg_depot_put(const uint64_t *pc, unsigned depth);

/* The stack's program counters; *depth is 0 for number 0. */
const uint64_t *hg_depot_get(uint32_t stack, unsigned *depth);

#endif
