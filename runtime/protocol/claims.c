/* The word says how many claims there are, and alone decides who drops the last one: a call that adds a claim and one
 * that drops the last exclude each other in it. Once ENDED is set the life can only be freed, and who comes after that
 * begins the next one.
 *
 * The records say whose the claims are. A record is stored before the word counts its claim, and dropped after the word
 * has counted it off, so that of what the word counts there is a record, unless it could not be kept. A record's state
 * holds the generation, so that those of an earlier life are free to be taken without being cleared first.
 *
 *   record's state:  63        32 31      24 23   1   0
 *                    generation   taken       count  busy
 *
 * `taken` counts how often the record has changed hands, so that what was read in between is noticed. A record that is
 * busy (being filled) when its thread is killed, or when another thread forks, is lost till the next life. */
#include "protocol/claims.h"

#include "base/counters.h"
#include "base/memory.h"
#include "format/record.h"
#include "record/modules.h"
#include "stack/depot.h"
#include "thread/event.h"

struct hg_claim {
	_Atomic uint64_t state;
	uint64_t serial;
	uint64_t site;
	uint32_t object;
	uint32_t unused;
	struct hg_event latest;
};

struct hg_claim_block {
	struct hg_claim claims[HG_CLAIMS_A_BLOCK];
	struct hg_claim_block *_Atomic next;
};

static const uint64_t BUSY = 1, ONE = 2, COUNT = 0xfffffe, TAKEN = 0x1000000, TAKEN_MASK = 0xff000000;
enum { GENERATION_SHIFT = 32 }; /* no limit: a place in the state */

static struct hg_arena arena;

static bool of_life(uint64_t state, uint32_t generation)
{
	return state >> GENERATION_SHIFT == generation;
}

/* Whether it is still the same holder's. */
static bool same_hands(uint64_t state, uint64_t before)
{
	return ((state ^ before) & ~(COUNT | BUSY)) == 0 && !(state & BUSY);
}

/* Whether a claim of this life stands there. */
static bool holds(uint64_t state, uint32_t generation)
{
	return of_life(state, generation) && !(state & BUSY) && state & COUNT;
}

static bool swap_state(struct hg_claim *claim, uint64_t *expected, uint64_t desired)
{
	return atomic_compare_exchange_strong(&claim->state, expected, desired);
}

/* --- walking over the records --- */

struct walk {
	struct hg_claim_block *block;
	unsigned at;
};

static struct walk walk_of(const struct hg_guard *guard)
{
	return (struct walk){.block = atomic_load_explicit(&hg_guard_claims(guard)->blocks, memory_order_acquire)};
}

static struct hg_claim *step(struct walk *walk)
{
	if (walk->block && walk->at == HG_CLAIMS_A_BLOCK)
		*walk = (struct walk){.block = atomic_load_explicit(&walk->block->next, memory_order_acquire)};
	return walk->block ? &walk->block->claims[walk->at++] : NULL;
}

/* Hangs a fresh block on the guard. False if there are enough, or memory is refused. */
static bool grow(struct hg_guard *guard)
{
	struct hg_claim_block *_Atomic *end = &hg_guard_claims(guard)->blocks, *there;
	struct hg_claim_block *fresh = NULL;
	for (int i = 0; i < HG_CLAIMS_BLOCKS; i++) {
		there = atomic_load_explicit(end, memory_order_acquire);
		if (!there && !fresh && !(fresh = hg_arena_take(&arena, sizeof *fresh)))
			return false;
		if (!there && atomic_compare_exchange_strong(end, &there, fresh))
			return true;
		end = &there->next;
	}
	return false;
}

/* --- making a claim --- */

/* The same holder's, or else any of the same object. */
static bool fits(const struct hg_claim *claim, const struct hg_claimant *who, bool same_holder)
{
	uint32_t object = __atomic_load_n(&claim->object, __ATOMIC_RELAXED);
	if (!same_holder)
		return object == who->object;
	return __atomic_load_n(&claim->serial, __ATOMIC_RELAXED) == who->serial &&
	       __atomic_load_n(&claim->site, __ATOMIC_RELAXED) == who->site;
}

static bool raise_count(struct hg_claim *claim, uint64_t before)
{
	uint64_t state = before;
	while (same_hands(state, before) && state & COUNT && (state & COUNT) != COUNT)
		if (swap_state(claim, &state, state + ONE))
			return true;
	return false;
}

/* Adds to a record that is there already. */
static struct hg_claim *join(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who,
                             bool same_holder)
{
	struct walk walk = walk_of(guard);
	struct hg_claim *claim;
	while ((claim = step(&walk))) {
		uint64_t state = atomic_load(&claim->state);
		if (holds(state, generation) && fits(claim, who, same_holder) && raise_count(claim, state))
			break;
	}
	if (claim && same_holder)
		hg_event_store(&claim->latest, &who->event, 0);
	return claim;
}

static void fill(struct hg_claim *claim, const struct hg_claimant *who, uint64_t state)
{
	__atomic_store_n(&claim->serial, who->serial, __ATOMIC_RELAXED);
	__atomic_store_n(&claim->site, who->site, __ATOMIC_RELAXED);
	__atomic_store_n(&claim->object, who->object, __ATOMIC_RELAXED);
	hg_event_store(&claim->latest, &who->event, 0);
	atomic_store(&claim->state, (state & ~BUSY) | ONE);
}

/* Also if it was left behind by an earlier life; what belongs to a later one is not for a call that comes late. */
static bool vacant(uint64_t state, uint32_t generation)
{
	int32_t later = (int32_t)((uint32_t)(state >> GENERATION_SHIFT) - generation);
	return later < 0 || (later == 0 && !(state & (BUSY | COUNT)));
}

static struct hg_claim *settle(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who)
{
	struct walk walk = walk_of(guard);
	struct hg_claim *claim;
	while ((claim = step(&walk))) {
		uint64_t state = atomic_load(&claim->state);
		uint64_t next = (uint64_t)generation << GENERATION_SHIFT | ((state + TAKEN) & TAKEN_MASK) | BUSY;
		if (!vacant(state, generation) || !swap_state(claim, &state, next))
			continue;
		fill(claim, who, next);
		return claim;
	}
	return NULL;
}

/* The record of a new claim; null if it could not be kept. */
static struct hg_claim *record(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who)
{
	struct hg_claim *claim = join(guard, generation, who, true);
	while (!claim && !(claim = settle(guard, generation, who)))
		if (!grow(guard))
			break;
	if (claim)
		return claim;
	hg_count(HG_COUNTER_HOLDERS_CUT);
	return join(guard, generation, who, false);
}

/* --- dropping claims --- */

/* False: the record is another holder's by now, or nobody's. */
static bool lower_count(struct hg_claim *claim, uint64_t before, uint32_t by)
{
	uint64_t state = before;
	while (same_hands(state, before) && state & COUNT) {
		uint64_t count = (state & COUNT) / ONE;
		if (swap_state(claim, &state, state - ONE * (by < count ? by : count)))
			return true;
	}
	return false;
}

static bool drop_first(struct hg_guard *guard, uint32_t generation)
{
	_Atomic uint64_t *word = &hg_guard_claims(guard)->word;
	uint64_t seen = atomic_load(word), now = hg_claims_in(seen, generation);
	while (now >> HG_CLAIMS_GENERATION == seen >> HG_CLAIMS_GENERATION && !(now & HG_CLAIMS_FIRST_GONE)) {
		if (atomic_compare_exchange_strong(word, &seen, now | HG_CLAIMS_FIRST_GONE))
			return true;
		now = hg_claims_in(seen, generation);
	}
	return false;
}

static bool drop(struct hg_guard *guard, uint32_t generation, const struct hg_claim_held *held, uint32_t by)
{
	return held->claim ? lower_count(held->claim, held->state, by) : drop_first(guard, generation);
}

static int fit(const struct hg_claim_held *held, const struct hg_claimant *who)
{
	return 2 * (held->object == who->object) + (held->serial == who->serial);
}

/* Of its own claims a thread drops the latest first; of others' claims, those are likely done with that are oldest. */
static bool fits_better(const struct hg_claim_held *one, const struct hg_claim_held *other,
                        const struct hg_claimant *who)
{
	if (fit(one, who) != fit(other, who))
		return fit(one, who) > fit(other, who);
	return (one->latest.ticks > other->latest.ticks) == (one->serial == who->serial);
}

/* Which of the holders gives a claim up, if this one gives one up. */
static const struct hg_claim_held *best_match(const struct hg_claim_list *held, const struct hg_claimant *who)
{
	const struct hg_claim_held *best = NULL;
	for (unsigned i = 0; i < held->count; i++)
		if (!best || fits_better(&held->list[i], best, who))
			best = &held->list[i];
	return best;
}

/* A try fails only where another call has changed what was read meanwhile. */
static void drop_one(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who,
                     struct hg_claim_list *held)
{
	const struct hg_claim_held *one;
	do {
		hg_claims_list(guard, generation, held);
		one = best_match(held, who);
	} while (one && !drop(guard, generation, one, 1));
}

/* --- who holds --- */

static bool load(const struct hg_claim *claim, uint32_t generation, struct hg_claim_held *held)
{
	uint64_t state = atomic_load(&claim->state);
	if (!holds(state, generation))
		return false;
	*held = (struct hg_claim_held){.claim = (struct hg_claim *)claim,
	                               .state = state,
	                               .latest = hg_event_load(&claim->latest),
	                               .serial = __atomic_load_n(&claim->serial, __ATOMIC_RELAXED),
	                               .object = __atomic_load_n(&claim->object, __ATOMIC_RELAXED),
	                               .count = (uint32_t)((state & COUNT) / ONE)};
	atomic_thread_fence(memory_order_acquire);
	return same_hands(atomic_load(&claim->state), state);
}

/* Of the create its event is all that is kept. */
static struct hg_claim_held first_of(const struct hg_guard *guard)
{
	struct hg_event create = hg_event_load(&guard->create);
	struct hg_stack stack = hg_depot_get(create.stack);
	return (struct hg_claim_held){.latest = create,
	                              .serial = hg_guard_owner(guard),
	                              .object = hg_module_at(stack.depth ? stack.pc[0] : 0),
	                              .count = 1};
}

void hg_claims_list(const struct hg_guard *guard, uint32_t generation, struct hg_claim_list *held)
{
	uint64_t now = hg_claims_in(atomic_load(&hg_guard_claims(guard)->word), generation), told = 0;
	struct walk walk = walk_of(guard);
	struct hg_claim *claim;
	held->count = 0;
	if (!(now & HG_CLAIMS_FIRST_GONE))
		held->list[held->count++] = first_of(guard);
	while ((claim = step(&walk)) && held->count < HG_HOLDERS_KEPT)
		held->count += load(claim, generation, &held->list[held->count]);
	for (unsigned i = 0; i < held->count; i++)
		told += held->list[i].count;
	held->untold = told < hg_claims_count(now) ? hg_claims_count(now) - told : 0;
}

bool hg_claims_has_internal(const struct hg_guard *guard, uint32_t generation)
{
	uint64_t now = hg_claims_in(atomic_load(&hg_guard_claims(guard)->word), generation);
	uint64_t told = now & HG_CLAIMS_FIRST_GONE ? 0 : 1;
	struct walk walk = walk_of(guard);
	struct hg_claim *claim;
	struct hg_claim_held held;
	while ((claim = step(&walk))) {
		if (!load(claim, generation, &held))
			continue;
		if (held.latest.flags & HG_EVENT_INTERNAL)
			return true;
		told += held.count;
	}
	return told < hg_claims_count(now);
}

/* --- what calls do --- */

bool hg_claims_add(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who, bool sink)
{
	_Atomic uint64_t *word = &hg_guard_claims(guard)->word;
	struct hg_claim *claim = record(guard, generation, who);
	uint64_t seen = atomic_load(word), now, next;
	do {
		now = hg_claims_in(seen, generation);
		if (now & HG_CLAIMS_ENDED) {
			if (claim)
				lower_count(claim, atomic_load(&claim->state), 1);
			return false;
		}
		next = sink && now & HG_CLAIMS_FLOATING ? hg_claims_sunk(now) : hg_claims_plus(now);
	} while (!atomic_compare_exchange_strong(word, &seen, next));
	return true;
}

void hg_claims_float(struct hg_guard *guard, uint32_t generation)
{
	atomic_store(&hg_guard_claims(guard)->word, hg_claims_word(generation, HG_CLAIMS_FLOATING | 1));
}

enum hg_claims_left hg_claims_release(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who)
{
	_Atomic uint64_t *word = &hg_guard_claims(guard)->word;
	bool adopted = hg_event_load(&guard->create).flags & HG_EVENT_ADOPTED;
	uint64_t seen = atomic_load(word), now;
	struct hg_claim_list held;
	bool last;
	do {
		now = hg_claims_in(seen, generation);
		last = hg_claims_count(now) == 1;
		if (now & HG_CLAIMS_ENDED)
			return HG_CLAIMS_OVER;
		if (last && adopted)
			return HG_CLAIMS_UNKNOWN;
	} while (!atomic_compare_exchange_strong(word, &seen, last ? now | HG_CLAIMS_ENDED : now - 1));
	if (!last)
		drop_one(guard, generation, who, &held);
	return last ? HG_CLAIMS_NONE_LEFT : HG_CLAIMS_LEFT;
}

/* For how many claims a free stands, though it were only for one that was handed over from another object. */
static uint64_t own_claims(const struct hg_claim_list *held, const struct hg_claimant *who,
                           const struct hg_claims_end *how)
{
	uint64_t own = 0;
	if (how->others_only)
		return 0;
	for (unsigned i = 0; how->whole_object && i < held->count; i++)
		own += held->list[i].object == who->object ? held->list[i].count : 0;
	return own ? own : 1;
}

static void drop_own(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who,
                     struct hg_claim_list *held, const struct hg_claims_end *how)
{
	bool any = how->others_only;
	for (unsigned i = 0; how->whole_object && !how->others_only && i < held->count; i++)
		if (held->list[i].object == who->object)
			any |= drop(guard, generation, &held->list[i], held->list[i].count);
	if (!any)
		drop_one(guard, generation, who, held);
}

/* Leaves those in the list that the free does not stand for. Their records stay as they are: the real free may fail. */
static void leave_others(struct hg_claim_list *held, const struct hg_claimant *who, const struct hg_claims_end *how)
{
	bool any = how->others_only;
	for (unsigned i = 0; how->whole_object && !how->others_only && i < held->count; i++)
		if (held->list[i].object == who->object) {
			held->list[i].count = 0;
			any = true;
		}
	const struct hg_claim_held *own = any ? NULL : best_match(held, who);
	if (own)
		held->list[own - held->list].count--;
	unsigned kept = 0;
	for (unsigned i = 0; i < held->count; i++)
		if (held->list[i].count)
			held->list[kept++] = held->list[i];
	held->count = kept;
}

enum hg_claims_freed hg_claims_free(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who,
                                    const struct hg_claims_end *how, struct hg_claim_list *cut)
{
	_Atomic uint64_t *word = &hg_guard_claims(guard)->word;
	uint64_t seen = atomic_load(word), now, own, next;
	bool alone;
	do {
		now = hg_claims_in(seen, generation);
		if (now & HG_CLAIMS_ENDED)
			return HG_CLAIMS_GONE;
		hg_claims_list(guard, generation, cut);
		own = own_claims(cut, who, how);
		alone = own >= hg_claims_count(now);
		next = alone || !how->withhold ? now | HG_CLAIMS_ENDED : now - own;
	} while (!atomic_compare_exchange_strong(word, &seen, next));
	if (alone)
		return HG_CLAIMS_FREE;
	if (how->withhold)
		drop_own(guard, generation, who, cut, how);
	hg_claims_list(guard, generation, cut);
	if (!how->withhold)
		leave_others(cut, who, how);
	return how->withhold ? HG_CLAIMS_WITHHELD : HG_CLAIMS_SEVERED;
}

void hg_claims_drop_all(struct hg_guard *guard, uint32_t generation)
{
	_Atomic uint64_t *word = &hg_guard_claims(guard)->word;
	uint64_t seen = atomic_load(word), now;
	do
		now = hg_claims_in(seen, generation);
	while (!(now & HG_CLAIMS_ENDED) && !atomic_compare_exchange_strong(word, &seen, now | HG_CLAIMS_ENDED));
}

void hg_claims_restore(struct hg_guard *guard, uint32_t generation)
{
	_Atomic uint64_t *word = &hg_guard_claims(guard)->word;
	uint64_t seen = atomic_load(word);
	while (seen >> HG_CLAIMS_GENERATION == generation &&
	       !atomic_compare_exchange_strong(word, &seen, seen & ~HG_CLAIMS_ENDED))
		;
}

void hg_claims_take(struct hg_guard *guard, uint32_t generation, uint64_t serial, struct hg_claim_list *held)
{
	unsigned kept = 0;
	hg_claims_list(guard, generation, held);
	for (unsigned i = 0; i < held->count; i++)
		if (held->list[i].serial == serial && drop(guard, generation, &held->list[i], held->list[i].count))
			held->list[kept++] = held->list[i];
	held->count = kept;
	held->untold = 0;
}
