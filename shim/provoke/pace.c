#include "provoke/pace.h"

#include "base/options.h"
#include "base/sys.h"
#include "process/process.h"
#include "provoke/budget.h"

enum { PAUSE = 5000000 }; /* no limit: how often it is asked, in ns */

bool hg_pace_due(struct hg_pace *pace, bool now)
{
	bool wanted = (hg_options.provoke || *hg_options.replay) && hg_options.provoke_gc == 0;
	uint64_t due = atomic_load_explicit(&pace->next, memory_order_relaxed);
	/* The locks of a parent's runtime may be in nobody's hands here. */
	if (!wanted || due == UINT64_MAX || hg_process_is_forked() || (!now && hg_monotonic_ns() < due) ||
	    !hg_budget_left(HG_TO_COLLECT))
		return false;
	return atomic_compare_exchange_strong(&pace->next, &due, UINT64_MAX);
}

void hg_pace_in_vain(struct hg_pace *pace)
{
	atomic_store(&pace->next, hg_monotonic_ns() + PAUSE);
}

void hg_pace_collected(struct hg_pace *pace, uint64_t ns)
{
	hg_budget_spend(HG_TO_COLLECT, ns);
	atomic_store(&pace->next, hg_monotonic_ns() + PAUSE);
}
