/* Handles that are known before their create returns: it calls back with the new handle, or has stored it where others
 * look. What they do with it belongs to the life that the create begins, though its value may have been another's,
 * which is dead. Whether it is that value, only the create's return tells; where it is not, the use was late after all,
 * and is told then. Nor is a late use what it seems where a class says that not all of its creates can be seen. */
#include "around/expected.h"

#include "around/left.h"
#include "around/making.h"
#include "base/counters.h"
#include "entry/arguments.h"
#include "entry/event_here.h"
#include "finding/limit.h"
#include "finding/race.h"
#include "protocol/class.h"
#include "protocol/end.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/life.h"
#include "protocol/tables.h"
#include "thread/frames.h"
#include "thread/thread.h"

struct running {
	const struct hg_guard *guard;
	bool found;
};

static bool note_running(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct running *running = argument;
	uint64_t held = __atomic_load_n(&frame->guard, __ATOMIC_ACQUIRE);
	(void)owner;
	running->found = held & HG_FRAME_RUNS && hg_frame_guard(held) == running->guard;
	return !running->found;
}

/* As long as the real free runs, nobody can be handed the value anew. */
static bool is_being_freed(const struct hg_guard *guard)
{
	struct running running = {.guard = guard};
	hg_frames_each(note_running, &running);
	return running.found;
}

/* --- lives that begin before their create returns --- */

static void note(struct hg_call *call, const struct hg_expected *expected)
{
	struct hg_context *context = call->context;
	if (context->expected_count == HG_EXPECTED_MOST)
		hg_count(HG_COUNTER_EXPECTED_FULL);
	else
		context->expected[context->expected_count++] = *expected;
}

uint32_t hg_expected_flags(struct hg_call *call, struct hg_guard *guard, struct hg_guard **parent)
{
	struct hg_making making;
	if (call->internal || !hg_find_making(call, guard->class, guard->value, true, &making))
		return 0;
	*parent = making.parent;
	if (making.elsewhere)
		return HG_EVENT_EXPECTED | HG_EVENT_ELSEWHERE;
	note(call, &(struct hg_expected){.fp = making.fp,
	                                 .guard = guard,
	                                 .generation = hg_guard_generation(guard) + 1,
	                                 .kind = guard->class->flags & HG_CLASS_CLOSED ? HG_KIND_STRAY : 0});
	return HG_EVENT_EXPECTED;
}

/* Whether the last life is the one that the create makes, and it has ended already. */
static bool is_over(const struct hg_event *begun, const struct hg_making *making)
{
	return begun->flags & HG_EVENT_EXPECTED && (making->elsewhere || begun->ticks >= making->begun);
}

/* Of a class not all of whose creates are seen, what is over may be another handle by now. Whether this is a second
 * free of the same one, or the first of that, nobody can say. */
static bool meet_anew(struct hg_call *call, struct hg_guard *guard, uint64_t word, enum hg_kind kind)
{
	struct hg_event event = hg_event_here(call, guard->value), met = event;
	met.flags |= HG_EVENT_ADOPTED;
	if (!hg_guard_adopt(guard, hg_word_generation(word), &met, NULL))
		return hg_guard_lives(guard);
	hg_count_class(call->context, guard->class, HG_CLASS_ADOPTED);
	hg_limit_came(guard, &met);
	if (kind == HG_KIND_REPEAT_FREE)
		hg_report_call(HG_KIND_FREED_AGAIN, guard, &event);
	return true;
}

bool hg_expect(struct hg_call *call, struct hg_guard *guard, enum hg_kind kind)
{
	uint64_t word = atomic_load(&guard->word);
	struct hg_making making;
	if (call->internal || !(word & HG_WORD_FREED))
		return false;
	if (!hg_find_making(call, guard->class, guard->value, false, &making))
		return guard->class->flags & HG_CLASS_UNSEEN && !is_being_freed(guard) &&
		       meet_anew(call, guard, word, kind);
	struct hg_expected expected = {.fp = making.fp,
	                               .guard = guard,
	                               .generation = hg_word_generation(word) + 1,
	                               .kind = kind,
	                               .create = hg_event_load(&guard->create),
	                               .free = hg_end_of_life(guard, hg_word_generation(word))};
	if (is_being_freed(guard) || is_over(&expected.create, &making))
		return false;
	expected.first = hg_event_here(call, guard->value);
	struct hg_event event = expected.first;
	event.flags |= HG_EVENT_ADOPTED | HG_EVENT_EXPECTED | (making.elsewhere ? HG_EVENT_ELSEWHERE : 0);
	if (!hg_guard_adopt(guard, hg_word_generation(word), &event, making.parent))
		return hg_guard_lives(guard);
	hg_count_class(call->context, guard->class, HG_CLASS_ADOPTED);
	hg_limit_came(guard, &event);
	if (!making.elsewhere)
		note(call, &expected);
	return true;
}

/* --- the create's return --- */

/* Whether the value's last life began within this call, as that of its handle. */
static bool is_ours(const struct hg_call *call, const struct hg_guard *guard, const struct hg_event *begun)
{
	/* A coroutine may return from its create on another thread than where its callback used the handle. */
	bool mine = begun->tid == call->context->tid || begun->flags & HG_EVENT_EXPECTED;
	if (!mine || !begun->ticks || begun->ticks < call->begun)
		return false;
	/* One that the library made and freed again, before it made this one in its place, is another. */
	if (!hg_guard_lives(guard))
		return begun->flags & (HG_EVENT_EXPECTED | HG_EVENT_INTERNAL) &&
		       !(hg_end_now(guard).flags & HG_EVENT_INTERNAL);
	return begun->flags & (HG_EVENT_EXPECTED | HG_EVENT_INTERNAL) || !(begun->flags & HG_EVENT_ADOPTED);
}

static void forget(struct hg_context *context, const struct hg_guard *guard)
{
	for (unsigned i = 0; i < context->expected_count;)
		if (context->expected[i].guard == guard)
			context->expected[i] = context->expected[--context->expected_count];
		else
			i++;
}

bool hg_meet_expected(struct hg_call *call, struct hg_guard *guard, const struct hg_image_make *make,
                      const struct hg_event *event)
{
	/* Most lives before began before this call: nothing more need be known of them. */
	if (call->internal || hg_event_ticks(&guard->create) < call->begun)
		return false;
	struct hg_event begun = hg_event_load(&guard->create), real = *event;
	if (!is_ours(call, guard, &begun))
		return false;
	/* Whatever was done with it came after. */
	real.ticks = call->begun;
	hg_guard_explain(guard, &real, hg_parent_of(call, make));
	if (begun.flags)
		hg_count_class(call->context, guard->class, HG_CLASS_CREATED);
	/* What a forked child has inherited was counted by its parent. */
	bool adopted = begun.flags & HG_EVENT_ADOPTED;
	if (adopted && !hg_event_inherited(&begun))
		hg_uncount_class(call->context, guard->class, HG_CLASS_ADOPTED);
	else if (!adopted && begun.flags && !hg_guard_lives(guard))
		hg_count_class(call->context, guard->class, HG_CLASS_FREED);
	forget(call->context, guard);
	return true;
}

static void take_back(struct hg_call *call, const struct hg_guard *guard)
{
	hg_limit_went(guard->class);
	hg_uncount_class(call->context, guard->class, HG_CLASS_ADOPTED);
}

/* It was a first meeting, of a handle that was created unseen. */
static void tell_met(const struct hg_expected *expected)
{
	struct hg_event begun = hg_event_load(&expected->guard->create);
	begun.flags &= ~(uint32_t)HG_EVENT_EXPECTED;
	hg_event_store(&expected->guard->create, &begun, expected->generation);
	if (expected->kind)
		hg_report_call((enum hg_kind)expected->kind, expected->guard, &begun);
}

/* Takes the life that was begun for nothing back, and says what the use was. */
static void tell(struct hg_call *call, const struct hg_expected *expected)
{
	struct hg_guard *guard = expected->guard;
	bool lived = hg_guard_lives(guard);
	if (!expected->first.ticks) {
		tell_met(expected);
		return;
	}
	if (lived && !hg_guard_give_up(guard, &expected->free))
		return;
	hg_event_store(&guard->create, &expected->create, expected->generation);
	hg_end_store(guard, &expected->free, expected->generation);
	if (lived)
		take_back(call, guard);
	hg_report_call((enum hg_kind)expected->kind, guard, &expected->first);
}

/* Whether that life has been begun for no create yet: one that was left by force may have been met on another thread.
 */
static bool is_open(const struct hg_expected *expected)
{
	const struct hg_guard *guard = expected->guard;
	return hg_guard_generation(guard) == expected->generation &&
	       hg_event_load(&guard->create).flags & HG_EVENT_EXPECTED;
}

/* A create that fails may have made it all the same, and given it up. */
static bool has_made(struct hg_call *call, const struct hg_class *class)
{
	const struct hg_image_make *make = hg_makes_of(call->slot);
	uint64_t value;
	for (uint32_t i = 0; i < call->slot->make_count; i++)
		for (uint32_t j = 0;
		     hg_class_at(call->slot, make[i].class_index) == class && j < hg_made_count(call, &make[i]); j++)
			if (hg_read_made(call, &make[i], j, class, &value))
				return true;
	return false;
}

static void settle(struct hg_call *call, const struct hg_expected *expected)
{
	const struct hg_class *class = expected->guard->class;
	struct hg_expected again = *expected;
	const struct hg_frame *around = hg_create_beyond(call, call->fp, class);
	again.fp = around ? around->fp : 0;
	if (around)
		note(call, &again);
	else if (has_made(call, class) || !expected->first.ticks)
		tell(call, expected);
	else if (hg_guard_lives(expected->guard) && hg_guard_give_up(expected->guard, &expected->first))
		take_back(call, expected->guard);
}

/* Those whose creates were left by force are over too. */
void hg_settle_expected(struct hg_call *call)
{
	struct hg_context *context = call->context;
	for (unsigned i = 0; i < context->expected_count;) {
		struct hg_expected expected = context->expected[i];
		if (expected.fp != call->fp && hg_is_in_flight_at(context, expected.fp)) {
			i++;
			continue;
		}
		context->expected[i] = context->expected[--context->expected_count];
		if (is_open(&expected))
			settle(call, &expected);
	}
}
