#include "finding/race.h"

#include "arch/preserving.h"
#include "base/counters.h"
#include "base/options.h"
#include "base/sys.h"
#include "format/record.h"
#include "protocol/descendants.h"
#include "protocol/family.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/older.h"
#include "protocol/refusal.h"
#include "protocol/tables.h"
#include "record/recording.h"
#include "stack/depot.h"
#include "stack/stack.h"
#include "stack/standing.h"
#include "thread/event.h"
#include "thread/frames.h"
#include "thread/thread.h"

struct inspection {
	struct hg_guard *guard;
	const struct hg_holders *holders; /* null: only frameless ops, of which nothing is known */
	struct hg_race *race;
};

/* Whether all that is in flight are calls which are held back although their real functions have returned. */
static bool have_returned(const struct hg_holders *holders)
{
	if (!holders || holders->listed == 0 || holders->unlisted > 0)
		return false;
	for (unsigned i = 0; i < holders->listed; i++) {
		const struct hg_holder *holder = &holders->list[i];
		if (holder->frame.fp != atomic_load(&holder->owner->returned))
			return false;
	}
	return true;
}

/* What it will be told as if it drains. */
static void begin(const struct inspection *what)
{
	if (have_returned(what->holders))
		what->race->flags |= HG_RACE_RETURNED;
	uint32_t flags = what->race->flags;
	struct hg_verdict expected = {.kind = HG_KIND_LATE_FREE};
	if (flags & HG_RACE_RETURNED)
		expected.kind = HG_KIND_FREE_AT_RETURN;
	else if (flags & HG_RACE_OVERLAP)
		expected.kind = HG_KIND_OVERLAP;
	else if (what->holders && what->holders->own)
		expected.kind = HG_KIND_REENTRANT_FREE;
	if (!(flags & HG_RACE_OVERLAP) || flags & HG_RACE_WAITS)
		expected.deadline_ns = what->guard->class->deadline_ns;
	expected.flags = flags & HG_RACE_PASSED ? HG_FINDING_PASSED : 0;
	hg_finding_begin(what->race->builder, &expected);
}

/* The event of the calling thread's own call. */
static struct hg_event with_older(const struct hg_event *event, const struct hg_guard *guard, uint32_t generation)
{
	struct hg_event told = *event;
	if (hg_context && hg_older_met(hg_context, guard, generation))
		told.flags |= HG_EVENT_OLDER;
	return told;
}

static void inspect(void *argument)
{
	struct inspection *what = argument;
	uint32_t generation = hg_guard_generation(what->guard);
	what->race->builder = hg_finding_open(what->guard, generation);
	struct hg_event event = with_older(&what->race->event, what->guard, generation);
	hg_finding_add(what->race->builder, HG_PARTY_CALL, &event);
	for (unsigned i = 0; what->holders && i < what->holders->listed; i++)
		hg_finding_add_frame(what->race->builder, what->holders, i);
	for (unsigned i = 0; what->holders && i < what->holders->unlisted; i++)
		hg_count(HG_COUNTER_PARTIES_CUT);
	struct hg_event create = hg_event_of_life(&what->guard->create, generation);
	hg_finding_add(what->race->builder, HG_PARTY_CREATE, &create);
	if (what->race->waker != UINT32_MAX)
		hg_finding_add_waker(what->race->builder, what->race->waker);
	begin(what);
}

void hg_inspect_race(struct hg_guard *guard, const struct hg_holders *holders, void *race)
{
	struct inspection what = {guard, holders, race};
	hg_preserving(inspect, &what);
}

static struct hg_event event_of_frame(const struct hg_context *owner, const struct hg_frame *frame, bool walk)
{
	uint64_t pc[HG_STACK_MAX] = {frame->caller};
	struct hg_told told = {.count = 0, .languages = 0};
	bool cut, whole = walk && hg_options.stacks == 0;
	unsigned depth = whole ? hg_stack_of_frame(frame, pc, HG_STACK_MAX, &cut) : 1;
	if (whole && owner == hg_context && !hg_may_be_parked(owner))
		hg_stack_told(owner, frame, true, &told);
	depth = hg_stack_below_told(&told, pc, depth);
	struct hg_stack stack = {.pc = pc, .depth = depth, .told = told.frames, .told_count = told.count};
	return (struct hg_event){.ticks = hg_ticks(),
	                         .tid = owner->tid,
	                         .symbol = hg_symbol_of_slot((const void *)frame->slot),
	                         .stack = hg_depot_put(&stack),
	                         .flags = walk ? 0 : HG_EVENT_STACK_GONE};
}

static void note_gone(void *argument)
{
	struct inspection *what = argument;
	const struct hg_holder *holder = &what->holders->list[0];
	uint32_t generation = hg_guard_generation(what->guard);
	struct hg_event gone = event_of_frame(holder->owner, &holder->frame, false),
	                create = hg_event_of_life(&what->guard->create, generation);
	what->race->builder = hg_finding_open(what->guard, generation);
	struct hg_event event = with_older(&what->race->event, what->guard, generation);
	hg_finding_add(what->race->builder, HG_PARTY_CALL, &event);
	hg_finding_add(what->race->builder, HG_PARTY_IN_FLIGHT, &gone);
	hg_finding_add(what->race->builder, HG_PARTY_CREATE, &create);
	begin(what);
}

void hg_note_gone(struct hg_guard *guard, const struct hg_holder *holder, struct hg_race *race)
{
	struct hg_holders holders;
	holders.listed = 1;
	holders.list[0] = *holder;
	struct inspection what = {guard, &holders, race};
	hg_preserving(note_gone, &what);
}

struct outcome {
	struct hg_race *race;
	struct hg_guard *guard;
	struct hg_verdict verdict;
};

static void close_race(void *argument)
{
	struct outcome *what = argument;
	if (!what->race->builder)
		inspect(&(struct inspection){what->guard, NULL, what->race});
	hg_finding_close(what->race->builder, &what->verdict);
}

static bool timed_out(const struct hg_free_result *result)
{
	return result->outcome == HG_TIMED_OUT || result->outcome == HG_OUTLASTED;
}

static enum hg_kind kind_of(const struct hg_race *race, const struct hg_free_result *result)
{
	if (race->flags & HG_RACE_RETURNED)
		return HG_KIND_FREE_AT_RETURN;
	if (result->reentrant)
		return HG_KIND_REENTRANT_FREE;
	return timed_out(result) ? HG_KIND_DRAIN_TIMEOUT : HG_KIND_LATE_FREE;
}

void hg_report_race(struct hg_race *race, const struct hg_free_result *result, struct hg_guard *guard)
{
	if (!result->waited_for && !result->reentrant && !timed_out(result))
		return;
	struct hg_verdict verdict = {.kind = kind_of(race, result), .drain_ticks = result->drain_ticks};
	bool deferred = result->outcome == HG_DEFERRED || result->outcome == HG_OUTLASTED;
	uint32_t gave_up = race->flags & HG_RACE_GOES_ON ? HG_FINDING_PASSED : HG_FINDING_LEAKED;
	verdict.flags = deferred ? HG_FINDING_DEFERRED : result->outcome == HG_TIMED_OUT ? gave_up : 0;
	verdict.flags |= result->locked && result->outcome == HG_DEFERRED ? HG_FINDING_LOCKED : 0;
	verdict.flags |= race->flags & HG_RACE_CALLING ? HG_FINDING_WAKER_STAYS : 0;
	verdict.deadline_ns = guard->class->deadline_ns;
	hg_close_race(race, guard, &verdict);
}

void hg_close_race(struct hg_race *race, struct hg_guard *guard, const struct hg_verdict *verdict)
{
	struct outcome what = {race, guard, *verdict};
	hg_preserving(close_race, &what);
}

static void drop(void *race)
{
	hg_finding_drop(((struct hg_race *)race)->builder);
	((struct hg_race *)race)->builder = NULL;
}

void hg_race_drop(struct hg_race *race)
{
	if (race->builder)
		hg_preserving(drop, race);
}

bool hg_event_inherited(const struct hg_event *event)
{
	return event->ticks < hg_recording->start_ticks;
}

struct report {
	enum hg_kind kind;
	struct hg_guard *guard;
	struct hg_refusal seen;
	const struct hg_event *call, *create;
	const struct hg_guard *tied; /* another one that it is about */
	uint32_t flags;              /* of the finding */
};

/* Whether such a call is told of because the guard turned it away, or would have. */
static bool is_refused(enum hg_kind kind)
{
	return kind == HG_KIND_LATE_OP || kind == HG_KIND_REPEAT_FREE || kind == HG_KIND_ORPHAN ||
	       kind == HG_KIND_FREED_AGAIN || kind == HG_KIND_DANGLING;
}

static void write_report(void *argument)
{
	const struct report *what = argument;
	const struct hg_refusal *seen = &what->seen;
	struct hg_finding_builder *builder = hg_finding_open(what->guard, seen->generation);
	struct hg_event call = with_older(what->call, what->guard, seen->generation);
	hg_finding_add(builder, HG_PARTY_CALL, what->kind == HG_KIND_REBORN ? what->call : &call);
	hg_finding_add(builder, HG_PARTY_FREE, &seen->free);
	hg_finding_add(builder, HG_PARTY_CREATE, what->create ? what->create : &seen->create);
	if (what->tied || (what->kind == HG_KIND_DANGLING && seen->ended))
		hg_finding_add_child(builder, what->tied ? what->tied : seen->ended);
	if (what->kind == HG_KIND_STRAY)
		hg_finding_add_recent(builder);
	struct hg_sides sides = {what->kind, what->guard->class, what->call, &seen->free};
	hg_finding_close_like(builder, &(struct hg_verdict){.kind = what->kind, .flags = what->flags}, &sides);
}

/* Takes what the guard was, and only counts what is told often enough. */
static void report(struct report *what)
{
	what->seen = is_refused(what->kind) ? hg_refusal_take(what->guard) : hg_refusal_now(what->guard);
	struct hg_sides sides = {what->kind, what->guard->class, what->call, &what->seen.free};
	if (!hg_finding_folds(&sides))
		hg_preserving(write_report, what);
}

void hg_report_call(enum hg_kind kind, struct hg_guard *guard, const struct hg_event *call)
{
	report(&(struct report){.kind = kind, .guard = guard, .call = call});
}

struct none_call {
	const struct hg_class *class;
	uint64_t value;
	const struct hg_event *call;
};

static void write_none(void *argument)
{
	const struct none_call *what = argument;
	struct hg_finding_builder *builder = hg_finding_open_class(what->class, what->value);
	hg_finding_add(builder, HG_PARTY_CALL, what->call);
	hg_finding_add_recent(builder);
	hg_finding_close(builder, &(struct hg_verdict){.kind = HG_KIND_NULL_OP});
}

void hg_report_none(const struct hg_class *class, uint64_t value, const struct hg_event *call)
{
	hg_preserving(write_none, &(struct none_call){class, value, call});
}

void hg_report_passed_free(struct hg_guard *guard, const struct hg_event *call)
{
	struct report what = {.kind = HG_KIND_REPEAT_FREE, .guard = guard, .call = call, .flags = HG_FINDING_PASSED};
	report(&what);
}

void hg_report_inherited(struct hg_guard *guard, const struct hg_event *call, bool withheld)
{
	struct report what = {.kind = HG_KIND_INHERITED, .guard = guard, .call = call};
	what.flags = withheld ? HG_FINDING_WITHHELD : 0;
	report(&what);
}

void hg_report_given(struct hg_guard *guard, const struct hg_guard *parent, const struct hg_event *free, bool withheld)
{
	struct report what = {.kind = HG_KIND_GIVEN_FREE, .guard = guard, .call = free, .tied = parent};
	what.flags = withheld ? HG_FINDING_WITHHELD : 0;
	report(&what);
}

void hg_report_reborn(struct hg_guard *guard, const struct hg_event *create, const struct hg_event *previous)
{
	struct report what = {.kind = HG_KIND_REBORN, .guard = guard, .call = create, .create = previous};
	report(&what);
}

struct orphans {
	struct hg_guard *parent;
	uint32_t generation;
	enum hg_children said;
	const struct hg_event *free;        /* null: the one that the guard knows */
	struct hg_finding_builder *builder; /* once there is one */
};

static void note_orphan(struct hg_guard *child, void *argument)
{
	struct orphans *what = argument;
	if (!what->builder) {
		what->builder = hg_finding_open(what->parent, what->generation);
		struct hg_event won = hg_winning_free(what->parent, what->generation);
		hg_finding_add(what->builder, HG_PARTY_CALL, won.ticks || !what->free ? &won : what->free);
	}
	hg_finding_add_child(what->builder, child);
}

static void write_orphans(void *argument)
{
	struct orphans *what = argument;
	hg_family_orphans(what->parent, what->generation, what->said, note_orphan, what);
	struct hg_event create = hg_event_of_life(&what->parent->create, what->generation);
	hg_finding_add(what->builder, HG_PARTY_CREATE, &create);
	hg_finding_close(what->builder, &(struct hg_verdict){.kind = HG_KIND_ORPHAN});
}

bool hg_may_have_orphans(const struct hg_guard *parent, uint32_t generation)
{
	bool over = hg_guard_generation(parent) != generation;
	return over || hg_family_any(parent);
}

void hg_report_orphans(struct hg_guard *parent, uint32_t generation, enum hg_children said, const struct hg_event *free)
{
	if (hg_may_have_orphans(parent, generation))
		hg_preserving(write_orphans, &(struct orphans){parent, generation, said, free, NULL});
}

struct lost_call {
	enum hg_kind kind;
	const struct hg_context *owner;
	const struct hg_frame *frame;
	bool walk;
};

static void write_lost_call(void *argument)
{
	const struct lost_call *what = argument;
	struct hg_guard *guard = hg_frame_guard(what->frame->guard);
	uint32_t generation = hg_guard_generation(guard);
	struct hg_event event = event_of_frame(what->owner, what->frame, what->walk),
	                create = hg_event_of_life(&guard->create, generation);
	struct hg_finding_builder *builder = hg_finding_open(guard, generation);
	hg_finding_add(builder, HG_PARTY_CALL, &event);
	hg_finding_add(builder, HG_PARTY_CREATE, &create);
	hg_finding_close(builder, &(struct hg_verdict){.kind = what->kind});
}

void hg_report_frame(enum hg_kind kind, const struct hg_context *owner, const struct hg_frame *frame, bool walk)
{
	struct lost_call what = {kind, owner, frame, walk};
	const struct hg_guard *guard = hg_frame_guard(frame->guard);
	/* A create is in flight on all handles of its class, and uses none. */
	if (guard && (guard != guard->class->root || frame->guard & HG_FRAME_FREE))
		hg_preserving(write_lost_call, &what);
}
