/* The children of one parent are ended one after the other, a batch at a time: a walk through all guards must not wait,
 * and a free does. Each free waits, whatever `drain` says: the function ends them all at once, so nobody could be left
 * one of them to end later. */
#include "call/clearing.h"

#include "around/ended.h"
#include "around/left.h"
#include "base/options.h"
#include "base/sys.h"
#include "call/named.h"
#include "entry/arguments.h"
#include "entry/event_here.h"
#include "finding/race.h"
#include "format/record.h"
#include "protocol/class.h"
#include "protocol/descendants.h"
#include "protocol/end.h"
#include "protocol/family.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "protocol/life.h"
#include "protocol/recent.h"
#include "thread/event.h"
#include "thread/frames.h"
#include "thread/thread.h"

enum { BATCH = 32 }; /* no limit: the next batch follows */

struct child {
	struct hg_guard *guard;
	uint32_t generation;
};

struct children {
	const struct hg_class *class;
	struct hg_guard *parent;
	uint32_t parent_generation;
	unsigned count;
	struct child list[BATCH];
};

static bool is_one(const struct children *children, const struct hg_guard *guard)
{
	return guard->class == children->class &&
	       hg_family_is_child(guard, children->parent, children->parent_generation);
}

static void note_child(struct hg_guard *guard, void *argument)
{
	struct children *children = argument;
	uint64_t word = atomic_load(&guard->word);
	if (children->count < BATCH && word & HG_WORD_LIVE && is_one(children, guard))
		children->list[children->count++] = (struct child){guard, hg_word_generation(word)};
}

/* The parent stands in the argument that the use names, which is an op's too. False: there is none. */
static bool find_parent(struct hg_call *call, const struct hg_image_use *all, struct children *children)
{
	const struct hg_image_use *use = hg_uses_of(call->slot);
	uint64_t value;
	while (use->all || use->indirect == HG_CONSTANT || use->argument != all->argument)
		use++;
	const struct hg_class *class = hg_class_at(call->slot, use->class_index);
	if (!hg_read_handle(call, use, 0, class, &value))
		return false;
	children->class = hg_class_at(call->slot, all->class_index);
	children->parent = hg_table_find(class, value);
	children->count = 0;
	if (children->parent)
		children->parent_generation = hg_guard_generation(children->parent);
	return children->parent;
}

static enum hg_free_how how_to_end(const struct hg_call *call)
{
	if (call->internal)
		return HG_FREE_SILENT;
	return hg_options.mode == HG_MODE_OBSERVE ? HG_FREE_OBSERVE : HG_FREE_WAIT;
}

/* Whoever has freed it meanwhile has done what this call would. False: an op on it, or a call that may end it, has
 * outlasted the deadline. */
static bool end_child(struct hg_call *call, const struct child *child)
{
	struct hg_guard *guard = child->guard;
	struct hg_race race;
	hg_race_begin(&race, 0);
	race.event = hg_event_here(call, guard->value);
	struct hg_free_request request = {.how = how_to_end(call),
	                                  .generation = child->generation,
	                                  .deadline_ns = guard->class->deadline_ns,
	                                  .children = HG_CHILDREN_ENDED,
	                                  .event = &race.event,
	                                  .inspect = hg_inspect_race,
	                                  .argument = &race};
	hg_retire_left_of(call, guard);
	hg_recent_note(guard->class, guard->value, &race.event);
	struct hg_free_result result = hg_guard_begin_free(guard, call->context, &request);
	if (result.outcome == HG_ALREADY_FREEING) {
		hg_race_drop(&race);
		hg_recent_drop(guard->class, guard->value, call->context->tid);
		return result.generation != child->generation || !hg_guard_lives(guard);
	}
	hg_report_race(&race, &result, guard);
	if (result.outcome == HG_TIMED_OUT)
		hg_ended(call->context, guard, result.generation, HG_CHILDREN_ENDED, HG_CLASS_LEAKED);
	return result.outcome != HG_TIMED_OUT;
}

/* --- what became of them --- */

struct settling {
	struct hg_call *call;
	const struct children *children;
	bool live_on;
};

/* Whether it was this call that has ended it. */
static bool ended_here(const struct settling *settling, const struct hg_guard *guard, uint64_t word)
{
	struct hg_event end = hg_end_of_life(guard, hg_word_generation(word));
	return word & HG_WORD_FREED && is_one(settling->children, guard) && end.tid == settling->call->context->tid &&
	       end.symbol == settling->call->slot->symbol && end.ticks >= settling->call->begun;
}

static void settle_child(struct hg_guard *guard, void *argument)
{
	struct settling *settling = argument;
	uint64_t word = atomic_load(&guard->word);
	if (!ended_here(settling, guard, word))
		return;
	if (settling->live_on)
		hg_guard_revive(guard, hg_word_generation(word));
	else
		hg_ended(settling->call->context, guard, hg_word_generation(word), HG_CHILDREN_ENDED, HG_CLASS_FREED);
}

static void settle(struct hg_call *call, const struct children *children, bool live_on)
{
	struct settling settling = {call, children, live_on};
	hg_family_children(children->parent, settle_child, &settling);
}

bool hg_enter_clearing(struct hg_call *call, const struct hg_image_use *use)
{
	struct children children; /* not zeroed as a whole: see exclusive.c */
	bool good = true;
	if (!find_parent(call, use, &children))
		return true;
	call->begun = hg_ticks();
	do {
		children.count = 0;
		hg_family_children(children.parent, note_child, &children);
		for (unsigned i = 0; i < children.count; i++)
			good &= end_child(call, &children.list[i]);
	} while (children.count == BATCH);
	call->clearing = good && hg_can_fail(call->slot);
	/* What cannot fail takes them along before their addresses can be handed out again. */
	if (!call->clearing)
		settle(call, &children, !good);
	return good;
}

void hg_settle_clearing(struct hg_call *call)
{
	const struct hg_image_use *use = hg_uses_of(call->slot);
	struct children children;
	while (use->all != HG_ALL_OF_PARENT)
		use++;
	if (find_parent(call, use, &children))
		settle(call, &children, !hg_free_took_place(call->slot, call->result[0]));
}

bool hg_inside_clearing(const struct hg_call *call, const struct hg_guard *guard)
{
	struct hg_event end = hg_end_now(guard);
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(call->context, frame));) {
		const struct hg_guard *parent = hg_frame_guard(frame->guard);
		const struct hg_slot *slot = (const struct hg_slot *)frame->slot;
		if (parent && !(frame->guard & HG_FRAME_FREE) && !(frame->fp & 1) && slot->roles & HG_ROLE_FREE &&
		    end.symbol == slot->symbol && end.tid == call->context->tid &&
		    hg_family_is_child(guard, parent, hg_guard_generation(parent)))
			return true;
	}
	return false;
}
