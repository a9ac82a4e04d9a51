#include "base/numbered.h"

#include <stdbool.h>

#include "base/counters.h"
#include "base/memory.h"
#include "base/sys.h"
#include "format/record.h"

static bool has_block(struct hg_numbered *pieces, unsigned block)
{
	void *_Atomic *place = &pieces->blocks[block], *none = NULL;
	uint64_t bytes = ((uint64_t)HG_NUMBERED_FIRST << block) * pieces->size;
	if (atomic_load_explicit(place, memory_order_acquire))
		return true;
	void *fresh = hg_map_block(bytes);
	if (fresh && !atomic_compare_exchange_strong(place, &none, fresh))
		hg_syscall(SYS_munmap, (long)fresh, (long)bytes, 0, 0, 0, 0);
	return atomic_load_explicit(place, memory_order_acquire);
}

static bool has_block_of(struct hg_numbered *pieces, uint32_t number)
{
	return has_block(pieces, 31 - HG_NUMBERED_BITS - (unsigned)__builtin_clz(number));
}

uint32_t hg_numbered_make(struct hg_numbered *pieces)
{
	uint32_t number = atomic_load_explicit(&pieces->next, memory_order_relaxed);
	do
		if (number == UINT32_MAX || !has_block_of(pieces, number)) {
			hg_count(HG_COUNTER_MEMORY_REFUSED);
			return 0;
		}
	while (!atomic_compare_exchange_weak(&pieces->next, &number, number + 1));
	return number;
}
