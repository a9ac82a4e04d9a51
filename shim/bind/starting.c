#include "bind/starting.h"

#include <stddef.h>

#include "base/counters.h"
#include "format/record.h"

enum { STARTING_MOST = 256 }; /* limit: STARTING_FULL */
static struct hg_starting starting[STARTING_MOST];

struct hg_starting *hg_starting_take(hg_routine *routine, void *argument)
{
	for (unsigned i = 0; i < STARTING_MOST; i++) {
		uint32_t free = 0;
		if (!atomic_compare_exchange_strong(&starting[i].taken, &free, 1))
			continue;
		starting[i].routine = routine;
		starting[i].argument = argument;
		starting[i].label = hg_label_own();
		return &starting[i];
	}
	hg_count(HG_COUNTER_STARTING_FULL);
	return NULL;
}

void hg_starting_give_back(struct hg_starting *given)
{
	atomic_store_explicit(&given->taken, 0, memory_order_release);
}
