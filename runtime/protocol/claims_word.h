/* How many claims there are on a shared handle, in one 64-bit word. Pure.
 *
 *   63        32   31      30        29        28    0
 *   generation     ended   floating  first gone  count
 *
 * A word of an earlier generation is as good as none: the life has the one claim of its create. */
#ifndef HG_CLAIMS_WORD_H
#define HG_CLAIMS_WORD_H

#include <stdbool.h>
#include <stdint.h>

#define HG_CLAIMS_ENDED      UINT64_C(0x80000000) /* a free has been let through: nobody can join this life any more */
#define HG_CLAIMS_FLOATING   UINT64_C(0x40000000) /* the create's claim is nobody's yet */
#define HG_CLAIMS_FIRST_GONE UINT64_C(0x20000000) /* the create's claim has been dropped or taken over */
#define HG_CLAIMS_COUNT      UINT64_C(0x1fffffff)
#define HG_CLAIMS_GENERATION 32 /* no limit: a place in the word */

static inline uint64_t hg_claims_word(uint32_t generation, uint64_t bits)
{
	return (uint64_t)generation << HG_CLAIMS_GENERATION | bits;
}

static inline uint64_t hg_claims_count(uint64_t word)
{
	return word & HG_CLAIMS_COUNT;
}

/* What the word says of this generation: of one that is over, that it has ended and nobody has a claim any more, not
 * even who began it. */
static inline uint64_t hg_claims_in(uint64_t word, uint32_t generation)
{
	int32_t later = (int32_t)((uint32_t)(word >> HG_CLAIMS_GENERATION) - generation);
	if (later == 0)
		return word;
	return hg_claims_word(generation, later < 0 ? 1 : HG_CLAIMS_ENDED | HG_CLAIMS_FIRST_GONE);
}

/* One more claim; a full count stays. */
static inline uint64_t hg_claims_plus(uint64_t word)
{
	return hg_claims_count(word) == HG_CLAIMS_COUNT ? word : word + 1;
}

/* The floating claim becomes somebody's. */
static inline uint64_t hg_claims_sunk(uint64_t word)
{
	return (word & ~HG_CLAIMS_FLOATING) | HG_CLAIMS_FIRST_GONE;
}

#endif
