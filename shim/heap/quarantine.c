/* Who takes a block out of its place, by an exchange, releases it: nobody else can. A forked child inherits the places
 * as they are; what a thread of the parent was about to put into one stays unfreed there, like all that such threads
 * had.
 *
 * The newest and those who make room exclude each other so: who makes room moves `oldest` past a ticket, then empties
 * its place; who holds a block fills its place, then reads `oldest`. Both orders are sequentially consistent, so one of
 * the two sees the other, and no block stays behind the oldest uncounted. */
#include "heap/quarantine.h"

static void let_go(struct hg_quarantine *quarantine, const struct hg_quarantine_rules *rules, void *block)
{
	if (!block)
		return;
	atomic_fetch_sub(&quarantine->bytes, rules->size(block));
	rules->release(block);
}

/* False: nothing is left to release. */
static bool release_oldest(struct hg_quarantine *quarantine, const struct hg_quarantine_rules *rules)
{
	uint64_t oldest = atomic_load(&quarantine->oldest), next = atomic_load(&quarantine->next);
	/* What the newest have displaced is gone already. */
	uint64_t ticket = next - oldest > rules->blocks ? next - rules->blocks : oldest;
	if (oldest >= next)
		return false;
	if (atomic_compare_exchange_strong(&quarantine->oldest, &oldest, ticket + 1))
		let_go(quarantine, rules, atomic_exchange(&quarantine->blocks[ticket % rules->blocks], NULL));
	return true;
}

bool hg_quarantine_hold(struct hg_quarantine *quarantine, const struct hg_quarantine_rules *rules, void *block)
{
	size_t size = rules->size(block);
	if (!rules->blocks || size > rules->bytes)
		return false;
	atomic_fetch_add(&quarantine->bytes, size);
	uint64_t ticket = atomic_fetch_add(&quarantine->next, 1);
	void *_Atomic *place = &quarantine->blocks[ticket % rules->blocks];
	let_go(quarantine, rules, atomic_exchange(place, block));
	void *mine = block;
	if (atomic_load(&quarantine->oldest) > ticket && atomic_compare_exchange_strong(place, &mine, NULL))
		let_go(quarantine, rules, block);
	while (atomic_load(&quarantine->bytes) > rules->bytes && release_oldest(quarantine, rules))
		;
	return true;
}
