/* What the machine code of a function refers to: where it calls and jumps, and whose addresses it takes. One file a
 * processor. */
#ifndef HG_SIDES_REFERENCES_H
#define HG_SIDES_REFERENCES_H

#include <stdbool.h>
#include <stdint.h>

/* Code as it lies in memory, `moved` bytes after where its object's tables have it. */
struct hg_bytes {
	uint64_t low, high; /* as the tables have them */
	uint64_t moved;
	bool fixed; /* that is where it runs: any number can be an address */
};

/* Where something is that has not been reached yet. Most addresses are told by a bit for 8 bytes, in which its code
 * begins, or some of its data is; and for what lies a multiple of 64 MiB away. */
enum { HG_UNREACHED_WORDS = 1 << 17 }; /* no limit: code that has no need to is read, too */
/* no limit: beyond, places are told less well */
#define HG_UNREACHED_BYTES (64 * 8 * (uint64_t)HG_UNREACHED_WORDS)
struct hg_unreached {
	uint64_t low, size; /* nothing is beyond */
	uint64_t bits[HG_UNREACHED_WORDS];
	bool (*is)(void *of, uint64_t address);
	void *of;
};

static inline uint64_t hg_unreached_place(uint64_t address)
{
	return address / 8 % (64 * (uint64_t)HG_UNREACHED_WORDS);
}

static inline void hg_unreached_note(struct hg_unreached *unreached, uint64_t address)
{
	uint64_t place = hg_unreached_place(address);
	unreached->bits[place / 64] |= UINT64_C(1) << place % 64;
}

static inline bool hg_is_unreached(const struct hg_unreached *unreached, uint64_t address)
{
	uint64_t place = hg_unreached_place(address);
	return address - unreached->low < unreached->size && unreached->bits[place / 64] >> place % 64 & 1 &&
	       unreached->is(unreached->of, address);
}

/* An address as the tables have it. */
typedef void hg_reference_visit(uint64_t address, void *argument);

/* Visits those of the code between two addresses, as the tables have them, if any leads to what is unreached; also some
 * that are none. */
void hg_references_each(const struct hg_bytes *code, uint64_t low, uint64_t high, const struct hg_unreached *unreached,
                        hg_reference_visit *visit, void *argument);

#endif
