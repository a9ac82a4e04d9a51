#include "around/ended.h"

#include "entry/arguments.h"
#include "finding/limit.h"
#include "protocol/descendants.h"
#include "protocol/family.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/life.h"
#include "protocol/tables.h"
#include "thread/event.h"
#include "thread/thread.h"

struct counting {
	struct hg_context *context;
	enum hg_class_counter counter;
};

/* A root lives again as soon as its class has been torn down: there will be other handles. */
void hg_count_end(struct hg_context *context, struct hg_guard *guard, enum hg_class_counter counter)
{
	if (guard == guard->class->root) {
		hg_guard_renew_root(guard);
		return;
	}
	if (counter == HG_CLASS_FREED)
		hg_limit_went(guard->class);
	/* What the library made for itself does not count as created, nor as freed. */
	if (!(hg_event_load(&guard->create).flags & HG_EVENT_INTERNAL))
		hg_count_class(context, guard->class, counter);
}

static void count_ended(struct hg_guard *child, void *argument)
{
	const struct counting *counting = argument;
	hg_count_end(counting->context, child, counting->counter);
}

void hg_end_children(struct hg_context *context, struct hg_guard *guard, uint32_t generation, enum hg_children children,
                     enum hg_class_counter counter)
{
	if (hg_children_can(guard->class, children, HG_CHILDREN_ENDED))
		hg_family_end(guard, generation, children, count_ended, &(struct counting){context, counter});
}

/* What its free means for its children is done, though the call that frees it has not returned. */
static void end_children_of_freed(struct hg_context *context, struct hg_guard *guard)
{
	uint64_t word = atomic_load(&guard->word);
	if (word & HG_WORD_FREED)
		hg_end_children(context, guard, hg_word_generation(word), (enum hg_children)hg_word_children(word),
		                HG_CLASS_FREED);
}

void hg_end_stillborn(struct hg_context *context, struct hg_guard *guard)
{
	struct hg_guard *from = hg_family_ended_by(guard);
	if (from)
		end_children_of_freed(context, from);
}

/* A value comes back whose last life the program has not ended, or has left to children that it has not ended either:
 * so both have gone with an ancestor. What was ended by itself says nothing of its ancestors, whose free may fail yet;
 * nor do the orphans of that. Of children that were freed in time the count knows once an ancestor's word says FREED,
 * for that free has waited. */
static bool has_gone_along(struct hg_guard *guard)
{
	return hg_guard_lives(guard) || hg_family_is_left(guard);
}

void hg_end_last_family(struct hg_context *context, struct hg_guard *guard)
{
	struct hg_guard *from = hg_family_ended_by(guard);
	if (from && atomic_load(&from->word) & HG_WORD_FREED && has_gone_along(guard))
		end_children_of_freed(context, from);
	end_children_of_freed(context, guard);
}

void hg_ended(struct hg_context *context, struct hg_guard *guard, uint32_t generation, enum hg_children children,
              enum hg_class_counter counter)
{
	if (hg_family_has(guard)) {
		/* What is leaked is its parent's child still: it goes with that, and so does what was made from it. */
		if (counter != HG_CLASS_LEAKED)
			hg_family_quit(guard, generation);
		hg_end_children(context, guard, generation, children, counter);
	}
	hg_count_end(context, guard, counter);
}

bool hg_can_fail(const struct hg_slot *slot)
{
	return slot->freed.test != HG_TEST_ALWAYS;
}

bool hg_free_took_place(const struct hg_slot *slot, uint64_t result)
{
	return hg_condition_holds(&slot->freed, result);
}
