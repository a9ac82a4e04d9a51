/* Pieces of one size, numbered as they are made: half a pointer names one. They stand in blocks, each twice as large as
 * the one before, and are never given back. Lock-free; usable from any thread and signal handler. */
#ifndef HG_NUMBERED_H
#define HG_NUMBERED_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* A number's highest bit says which block, those below it which piece of that one. Smaller numbers than the first are
 * free to mean something else. limit: MEMORY_REFUSED */
enum { HG_NUMBERED_BITS = 7, HG_NUMBERED_FIRST = 1 << HG_NUMBERED_BITS, HG_NUMBERED_BLOCKS = 32 - HG_NUMBERED_BITS };

struct hg_numbered {
	size_t size;           /* of a piece */
	_Atomic uint32_t next; /* HG_NUMBERED_FIRST at first */
	/* The first one, of HG_NUMBERED_FIRST pieces, may be there from the beginning. */
	void *_Atomic blocks[HG_NUMBERED_BLOCKS];
};

/* The number of a zeroed piece; 0: there is no memory, which is counted. */
uint32_t hg_numbered_make(struct hg_numbered *pieces);

/* The piece of a number that was made. */
static inline void *hg_numbered_at(const struct hg_numbered *pieces, uint32_t number)
{
	unsigned block = 31 - HG_NUMBERED_BITS - (unsigned)__builtin_clz(number);
	size_t at = number - ((uint32_t)HG_NUMBERED_FIRST << block);
	return (char *)atomic_load_explicit(&pieces->blocks[block], memory_order_acquire) + at * pieces->size;
}

#endif
