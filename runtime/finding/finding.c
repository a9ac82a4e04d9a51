#include "finding/finding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/counters.h"
#include "base/options.h"
#include "base/say.h"
#include "base/sys.h"
#include "finding/site_table.h"
#include "format/record.h"
#include "protocol/class.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "protocol/older.h"
#include "protocol/recent.h"
#include "protocol/tables.h"
#include "protocol/ties.h"
#include "record/modules.h"
#include "record/recording.h"
#include "record/ring.h"
#include "stack/depot.h"
#include "stack/stack.h"
#include "stack/standing.h"
#include "thread/event.h"
#include "thread/frames.h"
#include "thread/thread.h"
#include "told/told_place.h"

bool (*hg_finding_held)(const struct hg_class *class, uint64_t value, enum hg_kind kind, struct hg_record_party *party);

struct hg_finding_builder {
	struct hg_record_finding head;
	char parties[HG_FINDING_MAX - sizeof(struct hg_record_finding)];
	const struct hg_class *class;
	/* What makes two findings alike: the offending call and one other party. */
	uint32_t symbol, other_symbol, other_role; /* role 0: there is none yet */
	uint64_t call_pc, other_pc;
	uint64_t call_user, other_user; /* their places in the user's code */
	bool begun;                     /* counted at its site, before it is known what comes of it */
	bool folded;                    /* enough of its like are stored */
	bool stored;                    /* in the ring */
};

enum hg_level hg_kind_level(enum hg_kind kind)
{
	static const unsigned char levels[] = {
#define HG_KIND(id, name, level, when) [HG_KIND_##id] = HG_LEVEL_##level,
#include "format/kinds.def"
#undef HG_KIND
	};
	return levels[kind];
}

const char *hg_kind_text(enum hg_kind kind)
{
	static const char *const names[] = {
#define HG_KIND(id, name, level, when) [HG_KIND_##id] = name,
#include "format/kinds.def"
#undef HG_KIND
	};
	return names[kind];
}

/* One is kept for the next finding. */
static struct hg_finding_builder *_Atomic spare;

/* Zeroed but for its parties. */
static struct hg_finding_builder *take_builder(void)
{
	struct hg_finding_builder *builder = atomic_exchange(&spare, NULL);
	if (!builder)
		return hg_map_memory(sizeof *builder);
	memset(&builder->head, 0, sizeof builder->head);
	memset(&builder->class, 0, sizeof *builder - offsetof(struct hg_finding_builder, class));
	return builder;
}

struct hg_finding_builder *hg_finding_open_class(const struct hg_class *class, uint64_t value)
{
	struct hg_finding_builder *builder = take_builder();
	if (!builder) {
		hg_count(HG_COUNTER_MEMORY_REFUSED);
		return NULL;
	}
	builder->class = class;
	builder->symbol = builder->other_symbol = UINT32_MAX;
	builder->head.length = sizeof builder->head;
	builder->head.class_index = class->index;
	builder->head.value = value;
	builder->head.ticks = hg_ticks();
	return builder;
}

struct hg_finding_builder *hg_finding_open(const struct hg_guard *guard, uint32_t generation)
{
	struct hg_finding_builder *builder = hg_finding_open_class(guard->class, guard->value);
	if (!builder)
		return NULL;
	builder->head.generation = hg_guard_life(guard, generation);
	builder->head.flags = guard == guard->class->root ? HG_FINDING_ALL : 0;
	return builder;
}

/* Of several ops in flight always the same one, whichever thread was looked at first. */
static bool is_other_side(const struct hg_finding_builder *builder, const struct hg_record_party *party, uint64_t pc)
{
	if (builder->other_role)
		return builder->other_role == HG_PARTY_IN_FLIGHT && party->role == HG_PARTY_IN_FLIGHT &&
		       hg_site_is_before(party->symbol, pc, builder->other_symbol, builder->other_pc);
	/* The create is a side of its own only where there is no offending call: a leak. */
	return party->role != HG_PARTY_CREATE || builder->symbol == UINT32_MAX;
}

static uint64_t first_pc(const struct hg_stack *stack)
{
	return stack->depth ? stack->pc[0] : 0;
}

/* Which children a freed parent leaves behind makes no finding another one. */
static void note_side(struct hg_finding_builder *builder, const struct hg_record_party *party,
                      const struct hg_stack *stack)
{
	if (party->role == HG_PARTY_CHILD)
		return;
	if (party->role == HG_PARTY_CALL) {
		builder->symbol = party->symbol;
		builder->call_pc = first_pc(stack);
		builder->call_user = hg_told_place(stack->told, stack->told_count);
	} else if (is_other_side(builder, party, first_pc(stack))) {
		builder->other_role = party->role;
		builder->other_symbol = party->symbol;
		builder->other_pc = first_pc(stack);
		builder->other_user = hg_told_place(stack->told, stack->told_count);
	}
}

static bool has_room(const struct hg_finding_builder *builder, const struct hg_record_party *party)
{
	uint64_t size = sizeof *party + hg_party_frames_size(party);
	return builder->head.party_count < HG_PARTY_MAX && builder->head.length + size <= HG_FINDING_MAX;
}

/* The party says how much of the stack it keeps. */
static void append(struct hg_finding_builder *builder, const struct hg_record_party *party,
                   const struct hg_stack *stack)
{
	char *to = (char *)builder + builder->head.length;
	memcpy(to, party, sizeof *party);
	if (party->depth)
		memcpy(to + sizeof *party, stack->pc, 8 * (size_t)party->depth);
	if (party->told)
		memcpy(to + sizeof *party + 8 * (size_t)party->depth, stack->told, 4 * (size_t)party->told);
	builder->head.length += (uint32_t)(sizeof *party + hg_party_frames_size(party));
	builder->head.party_count++;
}

static void add_party(struct hg_finding_builder *builder, const struct hg_record_party *party,
                      const struct hg_stack *stack)
{
	if (!has_room(builder, party)) {
		hg_count(HG_COUNTER_PARTIES_CUT);
		return;
	}
	append(builder, party, stack);
	note_side(builder, party, stack);
}

static bool is_record_of(const struct hg_record_thread *thread, uint32_t tid)
{
	return thread && __atomic_load_n(&thread->state, __ATOMIC_ACQUIRE) &&
	       __atomic_load_n(&thread->tid, __ATOMIC_RELAXED) == tid;
}

/* The name of a thread that may be gone by now. Its record may be made another one's meanwhile: that one's number is
 * there before its name. */
static void thread_name(uint32_t tid, char name[16])
{
	bool recorded;
	unsigned count = hg_context_count();
	for (unsigned i = 0; i < count; i++) {
		const struct hg_record_thread *thread = hg_recording_thread(i, &recorded);
		char found[16]; /* no limit: the kernel's names of threads are no longer */
		if (!is_record_of(thread, tid))
			continue;
		memcpy(found, thread->name, sizeof found);
		atomic_thread_fence(memory_order_acquire);
		if (is_record_of(thread, tid))
			memcpy(name, found, sizeof found);
	}
}

static struct hg_stack party_of(enum hg_party_role role, const struct hg_event *event, struct hg_record_party *party)
{
	*party =
	    (struct hg_record_party){.role = role, .tid = event->tid, .symbol = event->symbol, .ticks = event->ticks};
	if (event->flags & HG_EVENT_ADOPTED)
		party->flags |= HG_PARTY_ADOPTED;
	if (event->flags & HG_EVENT_STACK_GONE)
		party->flags |= HG_PARTY_STACK_GONE;
	if (event->flags & HG_EVENT_OLDER)
		party->flags |= HG_PARTY_OLDER;
	if (event->flags & HG_EVENT_INTERNAL)
		party->flags |= HG_PARTY_INTERNAL;
	thread_name(event->tid, party->thread_name);
	struct hg_stack stack = hg_depot_get(event->stack);
	party->depth = stack.depth;
	party->told = stack.told_count;
	if (party->depth == HG_STACK_MAX || party->told == HG_TOLD_MAX)
		party->flags |= HG_PARTY_STACK_CUT;
	return stack;
}

void hg_finding_add(struct hg_finding_builder *builder, enum hg_party_role role, const struct hg_event *event)
{
	struct hg_record_party party;
	if (!builder || !event->ticks)
		return;
	struct hg_stack stack = party_of(role, event, &party);
	add_party(builder, &party, &stack);
}

void hg_finding_add_child(struct hg_finding_builder *builder, const struct hg_guard *child)
{
	struct hg_record_party party;
	struct hg_event create = hg_event_load(&child->create);
	if (!builder || !create.ticks)
		return;
	struct hg_stack stack = party_of(HG_PARTY_CHILD, &create, &party);
	party.value = child->value;
	party.class_index = child->class->index;
	add_party(builder, &party, &stack);
}

void hg_finding_add_recent(struct hg_finding_builder *builder)
{
	struct hg_recent_free recent[HG_RECENT_TOLD];
	unsigned count = builder ? hg_recent_list(builder->class, recent) : 0;
	for (unsigned i = 0; i < count; i++) {
		struct hg_record_party party;
		struct hg_stack stack = party_of(HG_PARTY_RECENT, &recent[i].event, &party);
		party.value = recent[i].value;
		if (has_room(builder, &party))
			append(builder, &party, &stack);
	}
}

/* Not by add_party: it is no side of the finding. */
void hg_finding_add_waker(struct hg_finding_builder *builder, uint32_t symbol)
{
	struct hg_record_party party = {.role = HG_PARTY_WAKER, .symbol = symbol, .ticks = hg_ticks()};
	struct hg_stack none = {.depth = 0};
	if (builder && has_room(builder, &party))
		append(builder, &party, &none);
}

static void add_held(struct hg_finding_builder *builder, enum hg_kind kind)
{
	struct hg_record_party party = {.role = HG_PARTY_HELD};
	struct hg_stack none = {.depth = 0};
	if (hg_finding_held && hg_finding_held(builder->class, builder->head.value, kind, &party) &&
	    has_room(builder, &party))
		append(builder, &party, &none);
}

enum { LISTED_DEPTH = 8 }; /* limit: told as HG_PARTY_STACK_CUT */

static void shorten(uint32_t *frames, struct hg_record_party *party)
{
	if (*frames <= LISTED_DEPTH)
		return;
	*frames = LISTED_DEPTH;
	party->flags |= HG_PARTY_STACK_CUT;
}

bool hg_finding_add_holder(struct hg_finding_builder *builder, const struct hg_finding_holder *holder)
{
	struct hg_record_party party;
	if (!builder)
		return false;
	struct hg_stack stack = party_of(HG_PARTY_HOLDER, &holder->latest, &party);
	party.claims = holder->claims;
	party.value = holder->value;
	if (holder->listed) {
		shorten(&party.depth, &party);
		shorten(&party.told, &party);
	}
	if (!has_room(builder, &party))
		return false;
	append(builder, &party, &stack);
	if (!holder->listed)
		note_side(builder, &party, &stack);
	return true;
}

void hg_finding_unlisted(struct hg_finding_builder *builder, uint32_t holders, uint32_t handles)
{
	if (!builder)
		return;
	builder->head.unlisted_holders = holders;
	builder->head.unlisted_handles = handles;
}

/* Whether the call's return address still stands where the frame says: if not, the op has gone its way after all. A
 * deferred free has none: who called it has gone long before. */
static bool still_there(const struct hg_frame *frame)
{
	return frame->fp & 1 || (frame->fp && ((const uint64_t *)frame->fp)[1] == frame->caller);
}

static bool met_older(const struct hg_holder *holder)
{
	const struct hg_guard *guard = hg_frame_guard(holder->frame.guard);
	return hg_older_noted(holder->owner, guard, hg_guard_generation(guard));
}

/* Of a call that may have gone on nothing is told but where it stood: on a stack that is in use again there are frames
 * that never called each other. */
static void walk_in_flight(const struct hg_holders *found, const struct hg_holder *holder, uint64_t *pc,
                           struct hg_told *told, struct hg_record_party *party)
{
	const struct hg_frame *frame = &holder->frame;
	bool cut = false, walk = hg_options.stacks == 0 && frame->fp;
	party->depth = walk ? hg_stack_of_frame(frame, pc, HG_STACK_MAX, &cut) : 1;
	if (walk && !hg_may_be_parked(holder->owner))
		hg_stack_told(holder->owner, frame, true, told);
	if (told->count && !hg_holders_stay(found)) {
		hg_count(HG_COUNTER_TOLD_GONE);
		told->count = 0;
	}
	if (!still_there(frame)) {
		hg_count(HG_COUNTER_STACK_GONE);
		party->flags |= HG_PARTY_STACK_GONE;
		party->depth = 1;
		told->count = 0;
	}
	party->flags |= cut || (told->count && told->cut) ? HG_PARTY_STACK_CUT : 0;
	if (told->count)
		party->depth = hg_stack_below_told(told, pc, party->depth);
	party->told = told->count;
}

/* Of an op on what the handle is attached to: on what. */
static void name_tied(const struct hg_finding_builder *builder, const struct hg_frame *frame,
                      struct hg_record_party *party)
{
	const struct hg_guard *used = hg_frame_guard(frame->guard),
	                      *freed = hg_is_tied(used) ? hg_table_find(builder->class, builder->head.value) : NULL;
	if (!freed || !hg_tie_leads(used, freed))
		return;
	party->flags |= HG_PARTY_ATTACHED;
	party->value = used->value;
	party->class_index = used->class->index;
}

void hg_finding_add_frame(struct hg_finding_builder *builder, const struct hg_holders *found, unsigned number)
{
	const struct hg_holder *holder = &found->list[number];
	if (!builder)
		return;
	struct hg_record_party party = {.role = HG_PARTY_IN_FLIGHT, .tid = holder->owner->tid};
	uint64_t pc[HG_STACK_MAX] = {holder->frame.caller};
	struct hg_told told = {.count = 0, .languages = 0};
	walk_in_flight(found, holder, pc, &told, &party);
	party.flags |= met_older(holder) ? HG_PARTY_OLDER : 0;
	name_tied(builder, &holder->frame, &party);
	party.symbol = hg_symbol_of_slot((const void *)holder->frame.slot);
	memcpy(party.thread_name, holder->owner->record->name, sizeof party.thread_name);
	add_party(builder, &party,
	          &(struct hg_stack){.pc = pc, .depth = party.depth, .told = told.frames, .told_count = party.told});
}

/* --- weighing --- */

enum { WITHDRAWN_MOST = 64 }; /* limit: FINDINGS_HELD_BACK */

static uint64_t site_key(const struct hg_finding_builder *builder, enum hg_kind kind)
{
	const uint64_t words[] = {(uint64_t)kind << 32 | builder->head.class_index,
	                          (uint64_t)builder->symbol << 32 | builder->other_symbol,
	                          builder->call_pc,
	                          builder->other_pc,
	                          builder->call_user,
	                          builder->other_user};
	uint64_t key = hg_checksum(words, sizeof words);
	return key ? key : 1;
}

static struct hg_record_site *find_site(const struct hg_finding_builder *builder, enum hg_kind kind, uint32_t *index)
{
	return hg_site_find(&(struct hg_record_site){.key = site_key(builder, kind),
	                                             .kind = (uint16_t)kind,
	                                             .class_index = builder->head.class_index,
	                                             .symbol = builder->symbol,
	                                             .other_symbol = builder->other_symbol,
	                                             .call_pc = builder->call_pc,
	                                             .other_pc = builder->other_pc,
	                                             .call_user = builder->call_user,
	                                             .other_user = builder->other_user,
	                                             .first_ticks = builder->head.ticks},
	                    index);
}

/* Counts the finding at its site, and finds out whether enough of its like are stored. */
static void weigh(struct hg_finding_builder *builder, enum hg_kind kind)
{
	struct hg_record_site *site = find_site(builder, kind, &builder->head.site);
	if (!site) {
		builder->head.site = UINT32_MAX;
		builder->folded = hg_site_was_sampled(site_key(builder, kind));
		return;
	}
	uint64_t count = __atomic_add_fetch(&site->count, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&site->last_ticks, builder->head.ticks, __ATOMIC_RELAXED);
	builder->folded = count > hg_options.repeat_limit;
}

/* It was none of that kind after all. */
static void unweigh(const struct hg_finding_builder *builder)
{
	struct hg_record_site *site = hg_site_at(builder->head.site);
	if (site)
		__atomic_sub_fetch(&site->count, 1, __ATOMIC_RELAXED);
}

/* Whether findings of this site were taken back so often that they would push others out of the ring. */
static bool is_fickle(const struct hg_finding_builder *builder, enum hg_kind kind)
{
	uint32_t index;
	const struct hg_record_site *site = find_site(builder, kind, &index);
	return site && __atomic_load_n(&site->withdrawn, __ATOMIC_RELAXED) >= WITHDRAWN_MOST;
}

/* --- writing --- */

static void put(struct hg_finding_builder *builder, enum hg_kind kind, bool open)
{
	builder->head.kind = kind;
	hg_modules_update();
	hg_recording_clock();
	uint32_t length = (builder->head.length + HG_FINDING_ALIGN - 1) & ~(HG_FINDING_ALIGN - 1);
	memset((char *)builder + builder->head.length, 0, length - builder->head.length);
	builder->head.length = length;
	builder->stored = hg_ring_write(&builder->head, open);
}

void hg_finding_begin(struct hg_finding_builder *builder, const struct hg_verdict *expected)
{
	if (!builder)
		return;
	if (is_fickle(builder, expected->kind)) {
		hg_count(HG_COUNTER_FINDINGS_HELD_BACK);
		return;
	}
	builder->head.flags |= expected->flags;
	builder->head.deadline_ns = expected->deadline_ns;
	builder->begun = true;
	add_held(builder, expected->kind);
	weigh(builder, expected->kind);
	if (!builder->folded)
		put(builder, expected->kind, true);
	builder->head.kind = expected->kind;
}

static uint64_t outcome_of(const struct hg_finding_builder *builder, const struct hg_verdict *verdict)
{
	return hg_outcome_closed(&(struct hg_finding_outcome){.kind = verdict->kind,
	                                                      .flags = builder->head.flags,
	                                                      .site = builder->head.site,
	                                                      .drain_ticks = verdict->drain_ticks});
}

/* What the ring had no room for is not tried again. */
static void conclude(struct hg_finding_builder *builder, const struct hg_verdict *verdict)
{
	bool tried = builder->begun && !builder->folded;
	if (!builder->begun || builder->head.kind != verdict->kind) {
		if (builder->begun)
			unweigh(builder);
		weigh(builder, verdict->kind);
	}
	builder->head.outcome = outcome_of(builder, verdict);
	if (builder->stored)
		hg_ring_conclude(&builder->head, builder->head.outcome);
	else if (!tried && builder->folded)
		hg_count(HG_COUNTER_FINDINGS_FOLDED);
	else if (!tried)
		put(builder, verdict->kind, false);
}

static void withdraw(const struct hg_finding_builder *builder)
{
	struct hg_record_site *site = hg_site_at(builder->head.site);
	unweigh(builder);
	if (!builder->stored)
		return;
	hg_ring_conclude(&builder->head, hg_outcome_withdrawn());
	if (site && __atomic_load_n(&site->withdrawn, __ATOMIC_RELAXED) < WITHDRAWN_MOST)
		__atomic_add_fetch(&site->withdrawn, 1, __ATOMIC_RELAXED);
}

static void give_back(struct hg_finding_builder *builder)
{
	struct hg_finding_builder *none = NULL;
	if (!atomic_compare_exchange_strong(&spare, &none, builder))
		munmap(builder, sizeof *builder);
}

void hg_finding_drop(struct hg_finding_builder *builder)
{
	if (!builder)
		return;
	if (builder->begun)
		withdraw(builder);
	give_back(builder);
}

static void end_process(const struct hg_finding_builder *builder, enum hg_kind kind)
{
	char handle[64]; /* no limit: it is not longer */
	snprintf(handle, sizeof handle, " %#llx; aborting, as HANDLEGUARD_MODE=abort asks",
	         (unsigned long long)builder->head.value);
	hg_say(hg_kind_text(kind), " of a ", builder->class->name, handle);
	abort();
}

void hg_finding_close(struct hg_finding_builder *builder, const struct hg_verdict *verdict)
{
	hg_finding_close_like(builder, verdict, NULL);
}

void hg_finding_close_like(struct hg_finding_builder *builder, const struct hg_verdict *verdict,
                           const struct hg_sides *sides)
{
	if (!builder)
		return;
	if (!builder->begun) {
		builder->head.deadline_ns = verdict->deadline_ns;
		add_held(builder, verdict->kind);
	}
	builder->head.flags |= verdict->flags;
	conclude(builder, verdict);
	if (hg_options.mode == HG_MODE_ABORT && hg_kind_level(verdict->kind) == HG_LEVEL_ERROR)
		end_process(builder, verdict->kind);
	struct hg_record_site *site = hg_site_at(builder->head.site);
	if (builder->folded && sides && site)
		hg_finding_fold(sides, site);
	give_back(builder);
}
