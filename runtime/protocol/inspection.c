#include "protocol/inspection.h"

#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"
#include "protocol/signals.h"

enum { LIMIT_MS = 100 }; /* limit: INSPECTION_TIMEOUT */

void hg_inspection_begin(struct hg_guard *guard)
{
	atomic_fetch_add(&guard->signals, HG_SIGNAL_INSPECTOR);
}

void hg_inspection_end(struct hg_guard *guard)
{
	uint32_t before = atomic_fetch_sub(&guard->signals, HG_SIGNAL_INSPECTOR);
	if (hg_inspectors(before) == 1)
		hg_futex_wake(&guard->signals);
}

void hg_inspection_await(struct hg_guard *guard)
{
	uint64_t limit = 0;
	uint32_t signals;
	while (hg_inspectors(signals = atomic_load(&guard->signals)) != 0) {
		if (!limit)
			limit = hg_monotonic_ns() + LIMIT_MS * UINT64_C(1000000);
		/* Bounded: whoever inspects may need something that this thread holds. */
		if (!hg_futex_wait(&guard->signals, signals, limit)) {
			hg_count(HG_COUNTER_INSPECTION_TIMEOUT);
			/* Before what this thread does with its stack: see hg_holders_stay. */
			atomic_thread_fence(memory_order_release);
			return;
		}
	}
}
