#include "finding/holders.h"

#include "arch/preserving.h"
#include "format/image.h"
#include "format/record.h"
#include "protocol/class.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "thread/event.h"

static struct hg_finding_holder holder_of(const struct hg_guard *guard, const struct hg_claim_held *held, bool listed)
{
	return (struct hg_finding_holder){
	    .latest = held->latest, .claims = held->count, .value = guard->value, .listed = listed};
}

static void add_all(struct hg_finding_builder *builder, const struct hg_guard *guard, const struct hg_claim_list *held)
{
	uint32_t unlisted = (uint32_t)held->untold;
	for (unsigned i = 0; i < held->count; i++) {
		struct hg_finding_holder holder = holder_of(guard, &held->list[i], false);
		unlisted += !hg_finding_add_holder(builder, &holder);
	}
	hg_finding_unlisted(builder, unlisted, 0);
}

void hg_finding_add_holders(struct hg_finding_builder *builder, const struct hg_guard *guard, uint32_t generation)
{
	struct hg_claim_list held;
	hg_claims_list(guard, generation, &held);
	/* Of one that was never shared, the create says it all. */
	if (held.count != 1 || held.list[0].claim)
		add_all(builder, guard, &held);
}

/* --- severed --- */

struct severing {
	struct hg_guard *guard;
	uint32_t generation;
	const struct hg_event *free;
	const struct hg_claim_list *cut;
	uint32_t flags;
};

static void write_severed(void *argument)
{
	const struct severing *what = argument;
	struct hg_finding_builder *builder = hg_finding_open(what->guard, what->generation);
	struct hg_event create = hg_event_of_life(&what->guard->create, what->generation);
	hg_finding_add(builder, HG_PARTY_CALL, what->free);
	add_all(builder, what->guard, what->cut);
	hg_finding_add(builder, HG_PARTY_CREATE, &create);
	hg_finding_close(builder, &(struct hg_verdict){.kind = HG_KIND_SEVERED, .flags = what->flags});
}

void hg_report_severed(struct hg_guard *guard, uint32_t generation, const struct hg_event *free,
                       const struct hg_claim_list *cut, uint32_t flags)
{
	hg_preserving(write_severed, &(struct severing){guard, generation, free, cut, flags});
}

/* --- exhausted --- */

struct listing {
	struct hg_finding_builder *builder;
	const struct hg_class *class;
	bool further; /* the second time round: all holders but each handle's first, which is listed already */
	uint32_t unlisted_holders, unlisted_handles;
};

static void holders_of(const struct hg_guard *guard, uint32_t generation, struct hg_claim_list *held)
{
	if (guard->class->flags & HG_CLASS_SHARED) {
		hg_claims_list(guard, generation, held);
		return;
	}
	held->count = 1;
	held->untold = 0;
	held->list[0] = (struct hg_claim_held){.latest = hg_event_load(&guard->create), .count = 1};
}

static void list(struct hg_guard *guard, void *argument)
{
	struct listing *what = argument;
	uint64_t word = atomic_load(&guard->word);
	struct hg_claim_list held;
	if (guard->class != what->class || !(word & HG_WORD_LIVE))
		return;
	holders_of(guard, hg_word_generation(word), &held);
	unsigned end = what->further ? held.count : held.count > 0;
	what->unlisted_handles += !what->further && !held.count;
	for (unsigned i = what->further; i < end; i++) {
		struct hg_finding_holder holder = holder_of(guard, &held.list[i], true);
		bool room = hg_finding_add_holder(what->builder, &holder);
		*(what->further ? &what->unlisted_holders : &what->unlisted_handles) += !room;
	}
	what->unlisted_holders += what->further ? (uint32_t)held.untold : 0;
}

struct exhaustion {
	struct hg_guard *guard;
	const struct hg_event *create;
};

/* Each handle's first holder before the further ones: of a handle without any in the list nothing is told. */
static void write_exhausted(void *argument)
{
	const struct exhaustion *what = argument;
	struct hg_guard *guard = what->guard;
	struct hg_finding_builder *builder = hg_finding_open(guard, hg_guard_generation(guard));
	struct listing listing = {.builder = builder, .class = guard->class};
	hg_finding_add(builder, HG_PARTY_CALL, what->create);
	hg_table_each(list, &listing);
	listing.further = true;
	hg_table_each(list, &listing);
	hg_finding_unlisted(builder, listing.unlisted_holders, listing.unlisted_handles);
	hg_finding_close(builder, &(struct hg_verdict){.kind = HG_KIND_EXHAUSTED});
}

void hg_report_exhausted(struct hg_guard *guard, const struct hg_event *create)
{
	hg_preserving(write_exhausted, &(struct exhaustion){guard, create});
}
