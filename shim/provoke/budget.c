#include "provoke/budget.h"

#include <stdatomic.h>

#include "base/options.h"
#include "base/sys.h"

enum { FREE_NS = 100000000, HUNDRED = 100 }; /* no limit: a time that is free; of so many is a share */

static _Atomic uint64_t spent[HG_PURPOSES];
static uint64_t started;

void hg_budget_start(void)
{
	started = hg_monotonic_ns();
}

uint64_t hg_budget_left(enum hg_purpose purpose)
{
	if (hg_options.budget == HUNDRED)
		return UINT64_MAX;
	uint64_t share = (hg_monotonic_ns() - started) / HUNDRED * hg_options.budget;
	uint64_t allowed = share > FREE_NS ? share : FREE_NS, used = atomic_load(&spent[purpose]);
	return used < allowed ? allowed - used : 0;
}

void hg_budget_spend(enum hg_purpose purpose, uint64_t ns)
{
	atomic_fetch_add(&spent[purpose], ns);
}
