/* Memory of the runtime's own: never malloc, never given back. Lock-free; usable from any thread and signal handler. */
#ifndef HG_MEMORY_H
#define HG_MEMORY_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct hg_arena {
	_Atomic(struct hg_arena_chunk *) current;
};

/* `size` zeroed bytes aligned to 16, or null if the system refuses, or for more than a chunk (1 MiB) holds. */
void *hg_arena_take(struct hg_arena *arena, size_t size);

/* Calls `visit` for each piece that was taken before the call, of an arena all pieces of which have this size. One may
 * be zeroed still: whoever has taken it has not written to it. */
void hg_arena_each(const struct hg_arena *arena, size_t size, void (*visit)(void *piece, void *argument),
                   void *argument);

/* Zeroed memory that begins where a large page can; null if the system refuses. */
enum { HG_LARGE_PAGE = 2 << 20 }; /* no limit: where the system has others, it makes none */
void *hg_map_aligned(uint64_t size);

/* What of this memory is touched first from now on is to be in large pages. */
void hg_prefer_large_pages(void *at, uint64_t size);

/* Zeroed memory, in large pages if it is as large as one; null if the system refuses. */
void *hg_map_block(uint64_t size);

/* Plain byte loops: the compiler must not turn these into calls of libc, whose versions use vector registers. */
static inline void hg_copy(void *to, const void *from, size_t size)
{
	char *out = to;
	const char *in = from;
	for (size_t i = 0; i < size; i++) {
		out[i] = in[i];
		__asm__ volatile("" ::: "memory");
	}
}

#endif
