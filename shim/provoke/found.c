#include "provoke/found.h"

#include <string.h>

#include "base/sys.h"
#include "finding/finding.h"
#include "protocol/handle_table.h"
#include "provoke/learned.h"
#include "record/recording.h"
#include "thread/thread.h"

enum { FOUND_NS = 1000000000 }; /* no limit: what is found later is not put down to the hold */
enum { US = 1000, MS = 1000 };  /* no limit: units, in the next smaller one */

enum { KEPT = 8 }; /* no limit: there are no more in a second, or the findings are put down to others */
static struct hg_kept {
	struct hg_site *_Atomic site;        /* null: it was found out already */
	_Atomic uint64_t begun, came, ended; /* monotonic ns; 0: not yet */
	_Atomic uint32_t point, number, tid, symbol;
	_Atomic uint64_t ticks;
	struct hg_kept_kin kin;
} kept[KEPT];
static unsigned next; /* whoever holds writes it */

struct hg_kept *hg_kept_begin(const struct hg_held *held, uint64_t now)
{
	struct hg_kept *this = &kept[next++ % KEPT];
	atomic_store(&this->site, NULL);
	atomic_store(&this->begun, now);
	atomic_store(&this->came, 0);
	atomic_store(&this->ended, 0);
	atomic_store(&this->ticks, hg_ticks());
	atomic_store(&this->point, held->point);
	atomic_store(&this->number, held->number);
	atomic_store(&this->tid, held->call->context->tid);
	atomic_store(&this->symbol, held->call->slot->symbol);
	hg_kin_keep(&this->kin, &held->kin);
	atomic_store(&this->site, held->site);
	return this;
}

void hg_kept_came(struct hg_kept *this)
{
	uint64_t not_yet = 0;
	if (this)
		atomic_compare_exchange_strong(&this->came, &not_yet, hg_monotonic_ns());
}

void hg_kept_end(struct hg_kept *this, uint64_t now)
{
	atomic_store(&this->ended, now);
}

static bool is_about(struct hg_kept *this, const struct hg_kin *found, uint64_t now)
{
	struct hg_kin held;
	uint64_t ended = atomic_load(&this->ended);
	if (!atomic_load(&this->site) || (ended && now - ended > FOUND_NS))
		return false;
	hg_kin_kept(&this->kin, &held);
	return hg_kin_related(&held, found);
}

/* The latest hold that the finding may have come of, taken. Null: none. */
static struct hg_kept *take(struct hg_guard *guard, uint64_t now, struct hg_site **site)
{
	struct hg_kin found;
	struct hg_kept *latest = NULL;
	hg_kin_of(guard, &found);
	for (unsigned i = 0; i < KEPT; i++)
		if (is_about(&kept[i], &found, now) &&
		    (!latest || atomic_load(&kept[i].begun) > atomic_load(&latest->begun)))
			latest = &kept[i];
	*site = latest ? atomic_exchange(&latest->site, NULL) : NULL;
	return *site ? latest : NULL;
}

static uint32_t us_since(uint64_t begun, uint64_t ns)
{
	uint64_t us = ns > begun ? (ns - begun) / US : 0;
	return us < HG_HELD_NOT_CAME ? (uint32_t)us : HG_HELD_NOT_CAME - 1;
}

static void tell(struct hg_kept *this, uint64_t now, const struct hg_site *site, struct hg_record_party *party)
{
	uint64_t begun = atomic_load(&this->begun), came = atomic_load(&this->came), ended = atomic_load(&this->ended);
	uint64_t held = us_since(begun, ended ? ended : now), met = came ? us_since(begun, came) : HG_HELD_NOT_CAME;
	party->flags = atomic_load(&this->point) * HG_PARTY_POINT;
	party->tid = atomic_load(&this->tid);
	party->symbol = atomic_load(&this->symbol);
	party->ticks = atomic_load(&this->ticks);
	party->value = held << HG_HELD_LONG | met;
	party->class_index = hg_recording_text(hg_site_text(site));
	party->claims = atomic_load(&this->number);
}

static bool is_sought(enum hg_kind kind)
{
	return hg_kind_level(kind) == HG_LEVEL_ERROR || kind == HG_KIND_FREE_AT_RETURN;
}

bool hg_found(const struct hg_class *class, uint64_t value, enum hg_kind kind, struct hg_record_party *party)
{
	struct hg_guard *guard = is_sought(kind) ? hg_table_find(class, value) : NULL;
	uint64_t now = hg_monotonic_ns();
	struct hg_site *site;
	struct hg_kept *this = guard ? take(guard, now, &site) : NULL;
	if (!this)
		return false;
	tell(this, now, site, party);
	atomic_store(&site->fruitless, 0);
	if (!atomic_exchange(kind == HG_KIND_FREE_AT_RETURN ? &site->warned : &site->told, true))
		hg_learn_hit(site, (enum hg_point)atomic_load(&this->point), party->claims,
		             (party->value >> HG_HELD_LONG) / MS + 1, hg_kind_text(kind));
	return true;
}
