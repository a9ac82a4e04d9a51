#include "base/memory.h"

#include "base/sys.h"

void *hg_map_aligned(uint64_t size)
{
	char *from = hg_map_memory(size + HG_LARGE_PAGE);
	if (!from)
		return NULL;
	uint64_t before = -(uint64_t)from % HG_LARGE_PAGE;
	if (before)
		hg_syscall(SYS_munmap, (long)from, (long)before, 0, 0, 0, 0);
	hg_syscall(SYS_munmap, (long)(from + before + size), (long)(HG_LARGE_PAGE - before), 0, 0, 0, 0);
	return from + before;
}

void hg_prefer_large_pages(void *at, uint64_t size)
{
	hg_syscall(SYS_madvise, (long)at, (long)size, MADV_HUGEPAGE, 0, 0, 0);
}

void *hg_map_block(uint64_t size)
{
	if (size < HG_LARGE_PAGE)
		return hg_map_memory(size);
	void *block = hg_map_aligned(size);
	if (block)
		hg_prefer_large_pages(block, size);
	return block;
}

enum { CHUNK = 1 << 20 }; /* no limit: there is always another one, and nobody takes so much at once */

/* Who has taken so many chunks goes on in large pages: to find one of a million small ones the processor would look at
 * more tables than there is to be found. no limit: others need not have so much at once */
enum { SMALL_CHUNKS = 8 };

struct hg_arena_chunk {
	_Atomic size_t used; /* may pass the end: what lies beyond was refused */
	uint32_t size, number;
	struct hg_arena_chunk *before; /* which was full; null: it is the first */
	_Alignas(64) char bytes[];     /* what is 32 bytes, or twice as much, is in one line of memory */
};

/* What arenas begin with: most programs need no more of most of them, and one page of these serves several where each
 * chunk is a mapping and a page of its own. no limit: who finds none left, or too small, begins with a chunk */
enum { FIRST_SIZE = 1 << 10, FIRST_COUNT = 16, FIRST_NUMBER = UINT32_MAX };
static _Alignas(4096) char first_chunks[FIRST_COUNT][FIRST_SIZE];
static _Atomic uint32_t first_taken;

static void *take_from(struct hg_arena_chunk *chunk, size_t size)
{
	size_t at = atomic_fetch_add(&chunk->used, size); /* before what is done with it: see hg_arena_each */
	return at + size <= chunk->size - sizeof *chunk ? chunk->bytes + at : NULL;
}

/* Who loses the race for an arena loses this, too: it is never given back. */
static struct hg_arena_chunk *take_first(void)
{
	uint32_t index = atomic_load(&first_taken);
	do
		if (index == FIRST_COUNT)
			return NULL;
	while (!atomic_compare_exchange_weak(&first_taken, &index, index + 1));
	struct hg_arena_chunk *chunk = (void *)first_chunks[index];
	chunk->size = FIRST_SIZE;
	chunk->number = FIRST_NUMBER;
	return chunk;
}

static struct hg_arena_chunk *new_chunk(uint32_t number)
{
	uint32_t size = number < SMALL_CHUNKS ? CHUNK : HG_LARGE_PAGE;
	struct hg_arena_chunk *chunk = hg_map_block(size);
	if (!chunk)
		return NULL;
	chunk->size = size;
	chunk->number = number;
	return chunk;
}

/* Puts a new chunk in the place of the full one; the loser of a race gives its chunk back. */
static bool replace(struct hg_arena *arena, struct hg_arena_chunk *full)
{
	struct hg_arena_chunk *fresh = full ? NULL : take_first();
	if (!fresh)
		fresh = new_chunk(full ? full->number + 1 : 0);
	if (!fresh)
		return false;
	fresh->before = full;
	if (!atomic_compare_exchange_strong(&arena->current, &full, fresh) && fresh->number != FIRST_NUMBER)
		hg_syscall(SYS_munmap, (long)fresh, fresh->size, 0, 0, 0, 0);
	return true;
}

static size_t rounded(size_t size)
{
	return (size + 15) & ~(size_t)15;
}

void *hg_arena_take(struct hg_arena *arena, size_t size)
{
	size = rounded(size);
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

void hg_arena_each(const struct hg_arena *arena, size_t size, void (*visit)(void *piece, void *argument),
                   void *argument)
{
	struct hg_arena_chunk *chunk = atomic_load(&arena->current);
	for (; chunk; chunk = chunk->before) {
		size_t room = chunk->size - sizeof *chunk, used = atomic_load(&chunk->used);
		for (size_t at = 0, next; (next = at + rounded(size)) <= used && next <= room; at = next)
			visit(chunk->bytes + at, argument);
	}
}
