/* Each distinct stack once. Lock-free; stacks are never given up. */
#ifndef HG_DEPOT_H
#define HG_DEPOT_H

#include <stdint.h>

/* A stack: C's frames and those that were told of the user's, by their numbers in the recording. */
struct hg_stack {
	const uint64_t *pc;
	const uint32_t *told;
	unsigned depth, told_count;
};

/* The number of this stack, the same for the same counters; 0 if the depot is full. */
uint32_t hg_depot_put(const struct hg_stack *stack);

/* The frames of C of a stack that there is. */
const uint64_t *hg_depot_pc(uint32_t number);

/* The stack of this number; of number 0 an empty one. */
struct hg_stack hg_depot_get(uint32_t number);

#endif
