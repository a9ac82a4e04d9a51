/* Hashing of words, one by one, for tables in memory. */
#ifndef HG_MIX_H
#define HG_MIX_H

#include <stdint.h>

/* Fibonacci hashing (Knuth, TAOCP 6.4): the odd number nearest to 2^64 divided by the golden ratio. The best bits are
 * the upper ones. */
static inline uint64_t hg_mix(uint64_t key, uint64_t word)
{
	return (key ^ word) * UINT64_C(0x9e3779b97f4a7c15);
}

/* The same where all bits of a sequence of words are to count. */
static inline uint64_t hg_mix_all(uint64_t key, uint64_t word)
{
	uint64_t mixed = hg_mix(key, word);
	return mixed ^ mixed >> 32;
}

#endif
