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

/* Where something is that has not been reached yet. Addresses are told by a bit for 8 bytes, in which code begins, or
 * some data is; in an object larger than 128 MiB also by that of what lies a multiple of these away. */
enum { HG_UNREACHED_WORDS = 1 << 18, HG_UNREACHED_FEWEST = 1 << 12 }; /* no limit: of words of 64 bits */
/* no limit: beyond, places are told less well */
#define HG_UNREACHED_BYTES (64 * 8 * (uint64_t)HG_UNREACHED_WORDS)
struct hg_unreached {
	uint64_t low, size; /* nothing is beyond */
	uint64_t places;    /* how many bits are in use: a power of two */
	bool (*is)(void *of, uint64_t address);
	void *of;
	uint64_t bits[HG_UNREACHED_WORDS];
};

/* Of so many bytes from there on; none is noted yet. Only as much memory is touched as they need. */
static inline void hg_unreached_begin(struct hg_unreached *unreached, uint64_t low, uint64_t size)
{
	uint64_t words = HG_UNREACHED_FEWEST;
	while (words < HG_UNREACHED_WORDS && words * 64 * 8 < size)
		words *= 2;
	unreached->low = low;
	unreached->size = size;
	unreached->places = 64 * words;
	for (uint64_t i = 0; i < words; i++)
		unreached->bits[i] = 0;
}

static inline uint64_t hg_unreached_place(const struct hg_unreached *unreached, uint64_t address)
{
	return address / 8 & (unreached->places - 1);
}

/* All addresses from one to another: of a table they may be millions, whose bits lie side by side. */
static inline void hg_unreached_note(struct hg_unreached *unreached, uint64_t low, uint64_t last)
{
	uint64_t number = low / 8, count = last / 8 - number + 1;
	for (count = count < unreached->places ? count : unreached->places; count;) {
		uint64_t place = number & (unreached->places - 1), bit = place % 64;
		uint64_t left = 64 - bit, here = left < count ? left : count; /* in this word */
		unreached->bits[place / 64] |= UINT64_MAX >> (64 - here) << bit;
		number += here;
		count -= here;
	}
}

static inline bool hg_is_unreached(const struct hg_unreached *unreached, uint64_t address)
{
	uint64_t place = hg_unreached_place(unreached, address);
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
