#include "report/describe/group.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>
#include <xxhash.h>

#include "format/user_place.h"
#include "report/describe/advice.h"
#include "report/describe/describe.h"
#include "report/describe/fingerprint.h"
#include "report/model/names.h"
#include "report/symbols/find_module.h"

/* What findings must have in common. */
struct shape {
	enum hg_kind kind;
	uint32_t class_index;
	uint32_t symbol, other_symbol;
	uint64_t call_pc, other_pc;
	uint64_t call_user, other_user; /* as of a site */
	uint64_t ticks;
};

/* ---- The other side of a finding without a site ---- */

static const struct hg_record_party *find_call(const struct hg_record_finding *finding)
{
	const struct hg_record_party *party = NULL;

	while ((party = hg_reader_party(finding, party)) && party->role != HG_PARTY_CALL)
		;
	return party;
}

/* What tells more of how it came to be, and is no side: without a stack. */
static bool is_aside(const struct hg_record_party *party)
{
	return party->role == HG_PARTY_WAKER || party->role == HG_PARTY_HELD;
}

static bool is_other_side(const struct hg_record_party *party, bool has_call)
{
	return party->role != HG_PARTY_CALL && party->role != HG_PARTY_CHILD && party->role != HG_PARTY_RECENT &&
	       !is_aside(party) && (party->role != HG_PARTY_CREATE || !has_call);
}

static uint64_t first_pc(const struct hg_record_party *party)
{
	return party && party->depth > 0 ? hg_reader_stack(party)[0] : 0;
}

/* As the runtime chooses it for its sites: the first party that is neither the call nor a child, and a create only if
 * there is no call; of ops in flight the one whose site is before the others'. Holders of the last handles of a class
 * are no other side. */
static const struct hg_record_party *other_side(const struct hg_record_finding *finding)
{
	bool has_call = find_call(finding);
	const struct hg_record_party *party = NULL, *side = NULL;

	while ((party = hg_reader_party(finding, party)))
		if (!side ? is_other_side(party, has_call)
		          : side->role == HG_PARTY_IN_FLIGHT && party->role == HG_PARTY_IN_FLIGHT &&
		                hg_site_is_before(party->symbol, first_pc(party), side->symbol, first_pc(side)))
			side = party;
	return finding->kind == HG_KIND_EXHAUSTED ? NULL : side;
}

/* As the runtime makes it for its sites. */
static uint64_t user_place(const struct hg_reader *reader, const uint32_t *told, uint32_t count)
{
	struct hg_user_place place = {0};

	for (uint32_t i = 0; i < count; i++) {
		const struct hg_record_told *frame = hg_reader_told(reader, told[i]);
		if (frame)
			hg_user_place_add(&place, hg_reader_text(reader, frame->function),
			                  hg_reader_text(reader, frame->file), frame->line);
	}
	return place.key;
}

static uint64_t user_place_of(const struct hg_reader *reader, const struct hg_record_party *party)
{
	return party ? user_place(reader, hg_reader_party_told(party), party->told) : 0;
}

static struct shape shape_of_finding(const struct hg_reader *reader, const struct hg_record_finding *finding)
{
	const struct hg_record_party *call = find_call(finding);
	const struct hg_record_party *other = other_side(finding);

	return (struct shape){
	    .kind = hg_finding_outcome(finding).kind,
	    .class_index = finding->class_index,
	    .symbol = call ? call->symbol : UINT32_MAX,
	    .other_symbol = other ? other->symbol : UINT32_MAX,
	    .call_pc = first_pc(call),
	    .other_pc = first_pc(other),
	    .call_user = user_place_of(reader, call),
	    .other_user = user_place_of(reader, other),
	    .ticks = finding->ticks,
	};
}

static struct shape shape_of_site(const struct hg_record_site *site)
{
	return (struct shape){
	    .kind = site->kind,
	    .class_index = site->class_index,
	    .symbol = site->symbol,
	    .other_symbol = site->other_symbol,
	    .call_pc = site->call_pc,
	    .other_pc = site->other_pc,
	    .call_user = site->call_user,
	    .other_user = site->other_user,
	    .ticks = site->first_ticks,
	};
}

/* ---- Keys ---- */

/* A call site that is the same in every process: the object and the address in it. */
static const char *place(struct hg_model *model, const struct hg_recording *recording, uint64_t pc, uint64_t ticks)
{
	if (pc == 0)
		return "-";
	const struct hg_record_module *module = hg_find_module(&recording->reader, pc - 1, ticks);
	if (!module)
		return hg_model_printf(model, "%" PRIx64, pc);
	const char *path = hg_model_string(model, hg_reader_text(&recording->reader, module->path));
	return hg_model_printf(model, "%s+%" PRIx64, path, pc - module->load_bias);
}

static const char *or_dash(const char *name)
{
	return name ? name : "-";
}

static struct hg_group *new_group(struct hg_model *model, const struct hg_recording *recording,
                                  const struct shape *shape)
{
	struct hg_group *group = hg_model_take(model, sizeof(*group));

	group->kind = shape->kind;
	group->class = hg_describe_class(model, recording, shape->class_index);
	group->function = hg_describe_symbol(model, recording, shape->symbol);
	group->other_function = hg_describe_symbol(model, recording, shape->other_symbol);
	const char *user = shape->call_user || shape->other_user
	                       ? hg_model_printf(model, "|%" PRIx64 "|%" PRIx64, shape->call_user, shape->other_user)
	                       : "";
	group->key = hg_model_printf(model, "%s|%s|%s|%s|%s|%s%s", hg_kind_name(group->kind), group->class,
	                             or_dash(group->function), or_dash(group->other_function),
	                             place(model, recording, shape->call_pc, shape->ticks),
	                             place(model, recording, shape->other_pc, shape->ticks), user);
	return group;
}

static struct hg_group *get_group(struct hg_model *model, const struct hg_recording *recording,
                                  const struct shape *shape)
{
	void *mark = hg_model_mark(model);
	struct hg_group *fresh = new_group(model, recording, shape);
	struct hg_group *group;

	HASH_FIND_STR(model->groups, fresh->key, group);
	if (group) {
		hg_model_forget(model, mark);
		return group;
	}
	fresh->uid = XXH64(fresh->key, strlen(fresh->key), 0);
	HASH_ADD_KEYPTR(hh, model->groups, fresh->key, strlen(fresh->key), fresh);
	return fresh;
}

/* ---- Counts ---- */

static struct hg_share *get_share(struct hg_model *model, struct hg_group *group, const struct hg_recording *recording)
{
	struct hg_share *last = group->shares ? group->shares->prev : NULL;

	if (last && last->recording == recording)
		return last;
	struct hg_share *share = hg_model_take(model, sizeof(*share));
	share->recording = recording;
	share->first_ns = UINT64_MAX;
	DL_APPEND(group->shares, share);
	return share;
}

static void add(struct hg_share *share, uint64_t count, uint64_t first_ns, uint64_t last_ns)
{
	share->count += count;
	share->first_ns = first_ns < share->first_ns ? first_ns : share->first_ns;
	share->last_ns = last_ns > share->last_ns ? last_ns : share->last_ns;
}

/* ---- What a group is told by ---- */

static void tell_by(struct hg_model *model, struct hg_group *group, enum hg_told_by by,
                    const struct hg_recording *recording, const void *record)
{
	if (!group->record) {
		group->next_unresolved = model->unresolved;
		model->unresolved = group;
	}
	group->told_by = by;
	group->recording = recording;
	group->record = record;
}

static size_t gone_stacks(const struct hg_record_finding *finding)
{
	size_t gone = 0;
	const struct hg_record_party *party = NULL;

	while ((party = hg_reader_party(finding, party)))
		gone += !is_aside(party) && (party->depth == 0 || (party->flags & HG_PARTY_STACK_GONE) != 0);
	return gone;
}

/* The first example is as good as any, unless one from later on was asked for, or a stack in it is gone that another
 * one has. */
static bool is_better(const struct hg_group *group, bool is_late, size_t gone)
{
	if (group->told_by != HG_TOLD_BY_EXAMPLE)
		return true;
	return is_late != group->is_late ? is_late : gone < group->gone_stacks;
}

static void offer_example(struct hg_model *model, struct hg_group *group, const struct hg_recording *recording,
                          const struct hg_record_finding *finding)
{
	bool is_late = finding->sequence > model->examples_after;

	if (group->told_by == HG_TOLD_BY_EXAMPLE && group->gone_stacks == 0 && is_late == group->is_late)
		return;
	size_t gone = gone_stacks(finding);
	if (!is_better(group, is_late, gone))
		return;
	group->gone_stacks = gone;
	group->is_late = is_late;
	tell_by(model, group, HG_TOLD_BY_EXAMPLE, recording, finding);
}

/* ---- One recording ---- */

/* Sites of one recording: their groups, and how many of their findings are stored. */
struct sites {
	struct hg_group **groups;
	uint64_t *stored;
	uint64_t limit;
};

static void count_sites(struct hg_model *model, const struct hg_recording *recording, struct sites *sites)
{
	const struct hg_reader *reader = &recording->reader;

	for (uint64_t i = 0; i < sites->limit; i++) {
		const struct hg_record_site *site = hg_reader_site(reader, i);
		if (!site)
			continue;
		struct shape shape = shape_of_site(site);
		struct hg_group *group = get_group(model, recording, &shape);
		sites->groups[i] = group;
		if (group->told_by == HG_TOLD_BY_NOTHING)
			tell_by(model, group, HG_TOLD_BY_SITE, recording, site);
		/* The runtime makes a site, stores its first finding, and then counts it: in between the count is 0. */
		uint64_t count = site->count > sites->stored[i] ? site->count : sites->stored[i];
		if (count > 0)
			add(get_share(model, group, recording), count, hg_reader_since_start(reader, site->first_ticks),
			    hg_reader_since_start(reader, site->last_ticks));
	}
}

static void count_stored(const struct hg_recording *recording, struct sites *sites)
{
	for (uint64_t i = 0; i < recording->finding_count; i++) {
		uint32_t site = hg_finding_outcome(recording->findings[i]).site;
		if (site < sites->limit)
			sites->stored[site]++;
	}
}

static void take_finding(struct hg_model *model, const struct hg_recording *recording, const struct sites *sites,
                         const struct hg_record_finding *finding)
{
	struct hg_finding_outcome outcome = hg_finding_outcome(finding);
	struct hg_group *group = outcome.site < sites->limit ? sites->groups[outcome.site] : NULL;

	if (!group || group->kind != outcome.kind) {
		uint64_t ns = hg_reader_since_start(&recording->reader, finding->ticks);
		struct shape shape = shape_of_finding(&recording->reader, finding);
		group = get_group(model, recording, &shape);
		add(get_share(model, group, recording), 1, ns, ns);
	}
	offer_example(model, group, recording, finding);
}

/* Handles that were alive when a program ended by itself whose end runs no exit handlers. */
static void take_left(struct hg_model *model, const struct hg_recording *recording)
{
	const struct hg_reader *reader = &recording->reader;
	bool by_itself = recording->ended == HG_ENDED_CLEAN || recording->ended == HG_ENDED_STATUS;
	uint64_t limit = by_itself ? hg_reader_limit(reader, HG_EXTENT_LIVE) : 0;

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_live *live = hg_reader_live(reader, i);
		if (!live)
			continue;
		struct shape shape = {.kind = HG_KIND_LEAK,
		                      .class_index = live->class_index,
		                      .symbol = UINT32_MAX,
		                      .other_symbol = live->symbol,
		                      .other_pc = live->depth > 0 ? live->pc[0] : 0,
		                      .other_user = user_place(reader, live->told, live->told_count),
		                      .ticks = live->ticks};
		struct hg_group *group = get_group(model, recording, &shape);
		uint64_t ns = hg_reader_since_start(reader, live->ticks);
		add(get_share(model, group, recording), 1, ns, ns);
		if (group->told_by < HG_TOLD_BY_LEFT)
			tell_by(model, group, HG_TOLD_BY_LEFT, recording, live);
	}
}

/* ---- Examples ---- */

/* Whether the other side of such findings is an op in flight. */
static bool is_race(enum hg_kind kind)
{
	return kind == HG_KIND_LATE_FREE || kind == HG_KIND_DRAIN_TIMEOUT || kind == HG_KIND_REENTRANT_FREE ||
	       kind == HG_KIND_FREE_AT_RETURN;
}

/* Of a group whose findings were all dropped or overwritten, the site still knows both call sites. */
static struct hg_resolved_finding *describe_site(struct hg_model *model, const struct hg_group *group)
{
	struct shape shape = shape_of_site(group->record);
	struct hg_resolved_finding *resolved = hg_model_take(model, sizeof(*resolved));

	resolved->recording = group->recording;
	resolved->kind = group->kind;
	resolved->class = group->class;
	resolved->time_ns = hg_reader_since_start(&group->recording->reader, shape.ticks);
	if (shape.symbol != UINT32_MAX)
		resolved->call =
		    hg_describe_bare_call(model, group->recording, shape.symbol, shape.call_pc, shape.ticks);
	if (shape.other_symbol == UINT32_MAX)
		return resolved;
	struct hg_resolved_call *other =
	    hg_describe_bare_call(model, group->recording, shape.other_symbol, shape.other_pc, shape.ticks);
	if (is_race(group->kind))
		DL_APPEND(resolved->in_flight, other);
	else if (group->kind == HG_KIND_SEVERED)
		DL_APPEND(resolved->holders, other);
	else if ((other->roles & (HG_ROLE_FREE | HG_ROLE_RELEASE)) != 0)
		resolved->free = other;
	else
		resolved->create = other;
	return resolved;
}

static struct hg_resolved_finding *describe_group(struct hg_model *model, const struct hg_group *group)
{
	if (group->told_by == HG_TOLD_BY_EXAMPLE)
		return hg_describe_finding(model, group->recording, group->record);
	return group->told_by == HG_TOLD_BY_LEFT ? hg_describe_left(model, group->recording, group->record)
	                                         : describe_site(model, group);
}

/* While the bytes of the recording are there. */
static void resolve_groups(struct hg_model *model)
{
	struct hg_group *group;

	while ((group = model->unresolved)) {
		model->unresolved = group->next_unresolved;
		group->resolved = describe_group(model, group);
		group->record = NULL;
	}
}

void hg_group_recording(struct hg_model *model, const struct hg_recording *recording)
{
	struct sites sites = {.limit = hg_reader_limit(&recording->reader, HG_EXTENT_SITES)};

	hg_model_begin_passing(model);
	sites.groups = hg_model_take(model, (sites.limit + 1) * sizeof(*sites.groups));
	sites.stored = hg_model_take(model, (sites.limit + 1) * sizeof(*sites.stored));
	hg_model_end_passing(model);
	count_stored(recording, &sites);
	count_sites(model, recording, &sites);
	for (uint64_t i = 0; i < recording->finding_count; i++)
		take_finding(model, recording, &sites, recording->findings[i]);
	take_left(model, recording);
	resolve_groups(model);
}

/* ---- All ---- */

static void finish_group(struct hg_model *model, struct hg_group *group)
{
	const struct hg_share *share;

	DL_FOREACH(group->shares, share)
		group->count += share->count;
	group->advice = hg_find_advice(group->resolved);
	group->fingerprint = hg_fingerprint(model, group->resolved);
	group->level = hg_kind_level(group->kind);
}

/* Causes before what they lead to: a free in the middle of calls, then the calls that come after it. */
static int rank(const struct hg_group *group)
{
	static const enum hg_kind order[] = {
	    HG_KIND_LATE_FREE, HG_KIND_DRAIN_TIMEOUT, HG_KIND_REENTRANT_FREE, HG_KIND_SEVERED,
	    HG_KIND_ORPHAN,    HG_KIND_GIVEN_FREE,    HG_KIND_REPEAT_FREE,    HG_KIND_LATE_OP,
	};

	enum { ORDERED = sizeof(order) / sizeof(*order) };
	for (int i = 0; i < ORDERED; i++)
		if (order[i] == group->kind)
			/* A parent's free before the calls on what it left behind. */
			return 2 * i + (group->kind == HG_KIND_ORPHAN && !group->resolved->children);
	return 2 * ORDERED + (int)group->kind;
}

static int compare_groups(const struct hg_group *one, const struct hg_group *other)
{
	if (hg_is_accepted(one) != hg_is_accepted(other))
		return hg_is_accepted(one) - hg_is_accepted(other);
	if (one->level != other->level)
		return (int)other->level - (int)one->level;
	if (rank(one) != rank(other))
		return rank(one) - rank(other);
	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	return strcmp(one->key, other->key);
}

void hg_finish_groups(struct hg_model *model)
{
	struct hg_group *group, *next;
	HASH_ITER(hh, model->groups, group, next) {
		if (!group->shares)
			HASH_DEL(model->groups, group);
		else
			finish_group(model, group);
	}
	hg_sort_groups(model);
}

void hg_sort_groups(struct hg_model *model)
{
	HASH_SORT(model->groups, compare_groups);
}
