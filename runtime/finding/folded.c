/* A cache, from which anything may be missing. A place's site is empty while the place changes, and stored last; who
 * comes while another one changes any of them leaves it. A stack of the depot is the same stack for ever, and so are
 * the places in the code that findings are told apart by. */
#include "finding/folded.h"

#include "base/counters.h"
#include "base/mix.h"
#include "base/options.h"
#include "base/sys.h"
#include "process/process.h"
#include "protocol/class.h"

enum { PLACES = 512 }; /* no limit: who is not here is put together */

static struct place {
	_Atomic uint64_t key;
	struct hg_record_site *_Atomic site; /* null: none */
} places[PLACES];

static _Atomic bool busy;

static uint64_t mix_event(uint64_t key, const struct hg_event *event)
{
	bool told = event && event->ticks;
	return hg_mix(key, told ? (uint64_t)event->symbol << 32 | event->stack : UINT64_MAX);
}

/* A forked child has sites of its own. */
static uint64_t key_of(const struct hg_sides *sides)
{
	uint64_t key = hg_mix(hg_process_epoch(), (uint64_t)sides->kind << 32 | sides->class->index);
	key = mix_event(key ^ key >> 32, sides->call);
	return mix_event(key ^ key >> 32, sides->other);
}

static struct place *place_of(uint64_t key)
{
	return &places[key >> 32 & (PLACES - 1)];
}

bool hg_finding_folds(const struct hg_sides *sides)
{
	uint64_t key = key_of(sides);
	struct place *place = place_of(key);
	struct hg_record_site *site = atomic_load_explicit(&place->site, memory_order_acquire);
	if (!site || atomic_load_explicit(&place->key, memory_order_relaxed) != key)
		return false;
	atomic_thread_fence(memory_order_acquire);
	/* Of two keys that have one site either is right. */
	if (atomic_load_explicit(&place->site, memory_order_relaxed) != site)
		return false;
	__atomic_add_fetch(&site->count, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&site->last_ticks, hg_ticks(), __ATOMIC_RELAXED);
	hg_count(HG_COUNTER_FINDINGS_FOLDED);
	return true;
}

void hg_finding_fold(const struct hg_sides *sides, struct hg_record_site *site)
{
	uint64_t key = key_of(sides);
	struct place *place = place_of(key);
	/* Each that ends the process is told. */
	if (hg_options.mode == HG_MODE_ABORT || atomic_exchange(&busy, true))
		return;
	atomic_store_explicit(&place->site, NULL, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&place->key, key, memory_order_relaxed);
	atomic_store_explicit(&place->site, site, memory_order_release);
	atomic_store(&busy, false);
}
