#include "protocol/inspection.h"

#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"

enum { LIMIT_MS = 100 }; /* limit: INSPECTION_TIMEOUT */

void hg_inspection_begin(struct hg_guard *guard)
{
	atomic_fetch_add(&guard->inspecting, 1);
}

void hg_inspection_end(struct hg_guard *guard)
{
	if (atomic_fetch_sub(&guard->inspecting, 1) == 1)
		hg_futex_wake(&guard->inspecting);
}

void hg_inspection_await(struct hg_guard *guard)
{
	uint64_t limit = 0;
	uint32_t inspectors;
	while ((inspectors = atomic_load(&guard->inspecting)) != 0) {
		if (!limit)
			limit = hg_monotonic_ns() + LIMIT_MS * UINT64_C(1000000);
		/* Bounded: whoever inspects may need something that this thread holds. */
		if (!hg_futex_wait(&guard->inspecting, inspectors, limit)) {
			hg_count(HG_COUNTER_INSPECTION_TIMEOUT);
			/* Before what this thread does with its stack: see hg_holders_stay. */
			atomic_thread_fence(memory_order_release);
			return;
		}
	}
}
