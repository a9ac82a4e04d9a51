#include "rewrite/targets.h"

#include "base/counters.h"
#include "format/record.h"

bool hg_targets_add(struct hg_targets *targets, struct hg_target target)
{
	if (targets->count == HG_TARGETS_MOST) {
		hg_count(HG_COUNTER_TARGETS_FULL);
		return false;
	}
	targets->list[targets->count++] = target;
	return true;
}

/* They come sorted. */
static void extend(struct hg_target_range *range, uint64_t at)
{
	range->low = at < range->low ? at : range->low;
	range->size = at - range->low;
}

/* They come nearly sorted: functions by their addresses, then words by theirs. */
void hg_targets_sort(struct hg_targets *targets)
{
	for (unsigned i = 1; i < targets->count; i++) {
		struct hg_target target = targets->list[i];
		unsigned at = i;
		for (; at > 0 && targets->list[at - 1].at > target.at; at--)
			targets->list[at] = targets->list[at - 1];
		targets->list[at] = target;
	}
	targets->sorted = targets->count;
	targets->functions = targets->words = (struct hg_target_range){.low = UINT64_MAX};
	for (unsigned i = 0; i < HG_SIEVE_WORDS; i++)
		targets->sieve[i] = 0;
	for (unsigned i = 0; i < targets->count; i++) {
		uint64_t at = targets->list[i].at, bit = (at ^ at >> 15) % (64 * (uint64_t)HG_SIEVE_WORDS);
		targets->sieve[bit / 64] |= UINT64_C(1) << bit % 64;
		extend(targets->list[i].is_word ? &targets->words : &targets->functions, at);
	}
}

const struct hg_target *hg_target_at(const struct hg_targets *targets, uint64_t at)
{
	unsigned low = 0, high = hg_target_passes_sieve(targets, at) ? targets->sorted : 0;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (targets->list[middle].at == at)
			return &targets->list[middle];
		if (targets->list[middle].at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
