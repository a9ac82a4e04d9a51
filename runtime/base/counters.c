#include "base/counters.h"

static _Atomic uint64_t early[HG_COUNTER_COUNT];
_Atomic uint64_t *_Atomic hg_counters = early;

void hg_counters_keep(_Atomic uint64_t *at)
{
	atomic_store(&hg_counters, at);
	for (int i = 0; i < HG_COUNTER_COUNT; i++)
		atomic_fetch_add(&at[i], atomic_exchange(&early[i], 0));
}
