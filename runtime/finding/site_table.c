/* Open addressing, where a place once taken stays. As the table can be large, and most processes have few findings, it
 * is used by parts: what finds all places taken where it looks in the first goes on to the second, which is as large,
 * to the third, which is as large as both, and so on. The same key ends in the same place always, as nothing leaves. */
#include "finding/site_table.h"

#include "base/counters.h"
#include "base/mix.h"
#include "process/process.h"
#include "record/recording.h"

enum { FIRST = 512, LOOKS = 16 }; /* no limit: there are parts beyond; what has no place at last is SITES_FULL */

static void fill(struct hg_record_site *site, const struct hg_record_site *from)
{
	site->kind = from->kind;
	site->class_index = from->class_index;
	site->symbol = from->symbol;
	site->other_symbol = from->other_symbol;
	site->call_pc = from->call_pc;
	site->other_pc = from->other_pc;
	site->call_user = from->call_user;
	site->other_user = from->other_user;
	/* Last: who reads the sites of its own process takes those that have it. */
	__atomic_store_n(&site->first_ticks, from->first_ticks, __ATOMIC_RELEASE);
}

/* The key's place in a part of so many; null: others have all where it might stand. */
static struct hg_record_site *look(struct hg_record_site *part, unsigned size, const struct hg_record_site *wanted)
{
	for (unsigned i = 0; i < LOOKS; i++) {
		struct hg_record_site *site = &part[(wanted->key + i) % size];
		uint64_t taken = __atomic_load_n(&site->key, __ATOMIC_ACQUIRE);
		if (!taken && __atomic_compare_exchange_n(&site->key, &taken, wanted->key, false, __ATOMIC_ACQ_REL,
		                                          __ATOMIC_ACQUIRE))
			fill(site, wanted);
		else if (taken != wanted->key)
			continue;
		return site;
	}
	return NULL;
}

struct hg_record_site *hg_site_find(const struct hg_record_site *description, uint32_t *index)
{
	unsigned room, begin = 0, end;
	struct hg_record_site *sites = hg_recording_table(HG_EXTENT_SITES, &room);
	for (end = FIRST; begin < room; begin = end, end = 2 * begin) {
		end = end < room ? end : room;
		if (!hg_recording_back(HG_EXTENT_SITES, end * sizeof *sites))
			break;
		struct hg_record_site *site = look(sites + begin, end - begin, description);
		if (site) {
			*index = (uint32_t)(site - sites);
			return site;
		}
	}
	hg_count(HG_COUNTER_SITES_FULL);
	return NULL;
}

struct hg_record_site *hg_site_at(uint32_t index)
{
	unsigned room;
	struct hg_record_site *sites = hg_recording_table(HG_EXTENT_SITES, &room);
	return index < room ? &sites[index] : NULL;
}

/* A set of keys that forgets none and takes some for known that are not (B. H. Bloom, "Space/time trade-offs in hash
 * coding with allowable errors", 1970), with two bits for each. A forked child has told of nothing yet. */
bool hg_site_was_sampled(uint64_t key)
{
	enum { BITS = 20, WORD = 6 }; /* no limit: the fewer there are, the fewer are told of */
	static _Atomic uint64_t seen[1 << (BITS - WORD)];
	uint64_t hash = hg_mix(hg_process_epoch(), key);
	bool known = true;
	for (int i = 0; i < 2; i++, hash >>= BITS) {
		uint64_t bit = UINT64_C(1) << (hash & 63);
		known &= (atomic_fetch_or(&seen[hash >> WORD & ((1 << (BITS - WORD)) - 1)], bit) & bit) != 0;
	}
	return known;
}
