#include "base/memory.h"

#include "base/sys.h"

enum { CHUNK = 1 << 20 }; /* no limit: there is always another one, and nobody takes so much at once */

struct hg_arena_chunk {
	_Atomic size_t used; /* may pass the end: what lies beyond was refused */
	char pad[8];
	char bytes[];
};

static void *take_from(struct hg_arena_chunk *chunk, size_t size)
{
	size_t at = atomic_fetch_add_explicit(&chunk->used, size, memory_order_relaxed);
	return at + size <= CHUNK - sizeof *chunk ? chunk->bytes + at : NULL;
}

/* Puts a new chunk in the place of the full one; the loser of a race gives its chunk back. */
static bool replace(struct hg_arena *arena, struct hg_arena_chunk *full)
{
	struct hg_arena_chunk *fresh = hg_map_memory(CHUNK);
	if (!fresh)
		return false;
	if (!atomic_compare_exchange_strong(&arena->current, &full, fresh))
		hg_syscall(SYS_munmap, (long)fresh, CHUNK, 0, 0, 0, 0);
	return true;
}

void *hg_arena_take(struct hg_arena *arena, size_t size)
{
	size = (size + 15) & ~(size_t)15;
	if (size > CHUNK - sizeof(struct hg_arena_chunk))
		return NULL;
	for (;;) {
		struct hg_arena_chunk *chunk = atomic_load_explicit(&arena->current, memory_order_acquire);
		void *memory = chunk ? take_from(chunk, size) : NULL;
		if (memory)
			return memory;
		if (!replace(arena, chunk))
			return NULL;
	}
}
