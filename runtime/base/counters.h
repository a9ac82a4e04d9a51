/* Every time the runtime gives something up, it counts why (format/counters.def); the report prints it. */
#ifndef HG_COUNTERS_H
#define HG_COUNTERS_H

#include <stdatomic.h>

#include "format/record.h"

/* In the recording once there is one, before that in plain memory. */
extern _Atomic uint64_t *_Atomic hg_counters;

/* From now on they are kept there, and what was counted before is added. */
void hg_counters_keep(_Atomic uint64_t *at);

static inline void hg_count_by(enum hg_counter reason, uint64_t amount)
{
	atomic_fetch_add_explicit(&atomic_load_explicit(&hg_counters, memory_order_acquire)[reason], amount,
	                          memory_order_relaxed);
}

static inline void hg_count(enum hg_counter reason)
{
	hg_count_by(reason, 1);
}

static inline uint64_t hg_counted(enum hg_counter reason)
{
	return atomic_load(&atomic_load_explicit(&hg_counters, memory_order_acquire)[reason]);
}

#endif
