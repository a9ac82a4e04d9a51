#include "report/keep/addresses.h"

struct visitor {
	hg_visit_address *visit;
	void *context;
};

static void visit_stack(const struct visitor *visitor, const uint64_t *pcs, uint32_t depth, uint64_t ticks)
{
	for (uint32_t i = 0; i < depth; i++)
		if (pcs[i] != 0)
			visitor->visit(visitor->context, pcs[i], ticks);
}

static void visit_findings(const struct visitor *visitor, const struct hg_recording *recording)
{
	for (uint64_t i = 0; i < recording->finding_count; i++) {
		const struct hg_record_party *party = NULL;
		while ((party = hg_reader_party(recording->findings[i], party)))
			visit_stack(visitor, hg_reader_stack(party), party->depth,
			            party->ticks != 0 ? party->ticks : recording->findings[i]->ticks);
	}
}

static void visit_sites(const struct visitor *visitor, const struct hg_reader *reader)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_SITES);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_site *site = hg_reader_site(reader, i);
		if (!site)
			continue;
		visit_stack(visitor, &site->call_pc, 1, site->first_ticks);
		visit_stack(visitor, &site->other_pc, 1, site->first_ticks);
	}
}

static void visit_live(const struct visitor *visitor, const struct hg_reader *reader)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_LIVE);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_live *live = hg_reader_live(reader, i);
		if (live)
			visit_stack(visitor, live->pc, live->depth, live->ticks);
	}
}

static void visit_in_flight(const struct visitor *visitor, const struct hg_reader *reader)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_THREADS);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_thread *thread = hg_reader_thread(reader, i);
		for (size_t k = 0; thread && k < HG_FRAMES; k++)
			if (thread->frames[k].guard != 0 && thread->frames[k].guard != HG_FRAME_HOLE)
				visit_stack(visitor, &thread->frames[k].caller, 1, UINT64_MAX);
	}
}

void hg_visit_addresses(const struct hg_recording *recording, hg_visit_address *visit, void *context)
{
	const struct visitor visitor = {visit, context};

	visit_in_flight(&visitor, &recording->reader);
	visit_sites(&visitor, &recording->reader);
	visit_findings(&visitor, recording);
	visit_live(&visitor, &recording->reader);
}
