/* A place in a table, by the guard, has the latest ops of one life: what another guard or life needs is taken from it.
 * Who reads while another thread writes may learn a pair that was none. That costs a hold that comes to nothing; it
 * makes no finding. */
#include "provoke/near_miss.h"

#include "base/counters.h"
#include "base/mix.h"
#include "base/sys.h"
#include "provoke/learned.h"
#include "record/recording.h"

enum { PLACES = 1 << 10 };     /* no limit: what is forgotten is met again */
enum { USES = 4 };             /* no limit: the latest say enough */
enum { PAIRS = 1 << 13 };      /* limit: PROVOKE_FULL */
enum { NEAR_NS = 1000000000 }; /* no limit: that is near */

struct use {
	struct hg_site *_Atomic site;
	_Atomic uint32_t tid;
	_Atomic uint64_t ticks;
};

static struct place {
	const struct hg_guard *_Atomic guard;
	_Atomic uint32_t generation, next;
	struct use uses[USES];
} places[PLACES];

static _Atomic uint64_t pairs[PAIRS];

static struct place *place_of(const struct hg_guard *guard)
{
	return &places[hg_mix((uint64_t)guard, 0) >> 54];
}

static void note(struct hg_guard *guard, struct hg_site *site, uint32_t tid)
{
	struct place *place = place_of(guard);
	uint32_t generation = hg_guard_generation(guard);
	if (atomic_load(&place->guard) != guard || atomic_load(&place->generation) != generation) {
		for (unsigned i = 0; i < USES; i++)
			atomic_store(&place->uses[i].site, NULL);
		atomic_store(&place->guard, guard);
		atomic_store(&place->generation, generation);
	}
	struct use *use = NULL;
	for (unsigned i = 0; i < USES && !use; i++)
		if (atomic_load(&place->uses[i].site) == site && atomic_load(&place->uses[i].tid) == tid)
			use = &place->uses[i];
	if (!use)
		use = &place->uses[atomic_fetch_add(&place->next, 1) % USES];
	atomic_store(&use->ticks, hg_ticks());
	atomic_store(&use->tid, tid);
	atomic_store(&use->site, site);
}

void hg_near_note(const struct hg_kin *kin, struct hg_site *site, uint32_t tid)
{
	for (unsigned i = 0; i < kin->count; i++)
		note(kin->guards[i], site, tid);
}

/* How many ticks a second has, by what has passed since the process started. */
static uint64_t near_ticks(uint64_t now)
{
	uint64_t ns = hg_monotonic_ns() - hg_recording->start_monotonic_ns, ticks = now - hg_recording->start_ticks;
	return ns < NEAR_NS ? UINT64_MAX : (uint64_t)((unsigned __int128)ticks * NEAR_NS / ns);
}

bool hg_near_know(struct hg_site *op, struct hg_site *free)
{
	uint64_t pair = hg_mix(hg_mix(1, atomic_load(&op->key)), atomic_load(&free->key)) | 1;
	for (unsigned i = 0; i < PAIRS; i++) {
		uint64_t taken = 0;
		if (atomic_compare_exchange_strong(&pairs[((pair >> 32) + i) % PAIRS], &taken, pair)) {
			atomic_store(&op->paired, true);
			atomic_store(&free->paired, true);
			return true;
		}
		if (taken == pair)
			return false;
	}
	hg_count(HG_COUNTER_PROVOKE_FULL);
	return false;
}

void hg_near_look(const struct hg_guard *guard, struct hg_site *site, uint32_t tid)
{
	struct place *place = place_of(guard);
	if (atomic_load(&place->guard) != guard || atomic_load(&place->generation) != hg_guard_generation(guard))
		return;
	uint64_t now = hg_ticks(), near = near_ticks(now);
	for (unsigned i = 0; i < USES; i++) {
		struct hg_site *op = atomic_load(&place->uses[i].site);
		if (op && atomic_load(&place->uses[i].tid) != tid && now - atomic_load(&place->uses[i].ticks) < near &&
		    hg_near_know(op, site))
			hg_learn_pair(op, site);
	}
}
