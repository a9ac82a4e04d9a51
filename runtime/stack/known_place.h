/* The stacks of places in the user's code, by their keys (walkers/told_key.h), for all threads: a goroutine is now on
 * this one, now on that. */
#ifndef HG_KNOWN_PLACE_H
#define HG_KNOWN_PLACE_H

#include <stdbool.h>
#include <stdint.h>

void hg_known_place_keep(uint64_t key, uint32_t stack);

/* False: the place is not known, or has been forgotten for others. */
bool hg_known_place_find(uint64_t key, uint32_t *stack);

#endif
