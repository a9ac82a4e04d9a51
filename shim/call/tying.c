#include "call/tying.h"

#include "base/options.h"
#include "call/reject.h"
#include "entry/arguments.h"
#include "entry/event_here.h"
#include "finding/race.h"
#include "format/image.h"
#include "format/record.h"
#include "protocol/given.h"
#include "protocol/handle_table.h"
#include "protocol/in_flight.h"
#include "protocol/ties.h"

/* The handle that stands where a use says, which the call has entered. Null: there is none. */
static struct hg_guard *named(struct hg_call *call, const struct hg_image_use *use, uint32_t number)
{
	const struct hg_class *class = hg_class_at(call->slot, use->class_index);
	uint64_t value;
	return hg_read_handle(call, use, number, class, &value) ? hg_table_find(class, value) : NULL;
}

static uint64_t place_of(const struct hg_call *call, const struct hg_image_use *use)
{
	return use->place ? hg_tie_place((int32_t)hg_argument(call, use->place - 1u)) : 0;
}

static void attach(const struct hg_image_use *use, struct hg_guard *child, struct hg_guard *parent, uint64_t place)
{
	if (use->ways & HG_USE_GIVES)
		hg_give(child, parent);
	else
		hg_tie(child, parent, place);
}

static void detach(struct hg_guard *child, struct hg_guard *parent)
{
	hg_untie(child, parent);
	hg_take_back(child, parent);
}

static void settle(struct hg_call *call, const struct hg_image_use *use)
{
	struct hg_guard *parent = use->partner ? named(call, &hg_uses_of(call->slot)[use->partner - 1], 0) : NULL;
	if (use->partner && !parent)
		return;
	if (use->all) {
		hg_untie_all(parent, 0, hg_class_at(call->slot, use->class_index));
		return;
	}
	struct hg_image_place where = hg_place_of_use(use);
	uint32_t count = hg_handle_count(call, &where);
	for (uint32_t i = 0; i < count; i++) {
		struct hg_guard *child = named(call, use, i);
		if (child && use->ways & HG_USE_DETACHES)
			detach(child, parent);
		else if (child)
			attach(use, child, parent, place_of(call, use));
		else if (use->place)
			hg_untie_all(parent, place_of(call, use), NULL);
	}
}

void hg_settle_ties(struct hg_call *call)
{
	const struct hg_image_use *use = hg_uses_of(call->slot);
	if (!hg_condition_holds(&call->slot->freed, call->result[0]))
		return;
	for (uint32_t i = 0; i < call->slot->use_count; i++)
		if (use[i].ways & (HG_USE_ATTACHES | HG_USE_DETACHES) && hg_is_chosen(call, &use[i].choice))
			settle(call, &use[i]);
}

void hg_detach_freed(const struct hg_slot *slot, struct hg_guard *guard, uint32_t generation)
{
	if (hg_is_tied(guard) && hg_slot_has_way(slot, HG_USE_DETACHES))
		hg_untie_ended(guard, generation);
}

/* Inside a call on the one that it was given to it may be that one's own way to free it. */
bool hg_withhold_given(struct hg_call *call, struct hg_guard *guard)
{
	struct hg_guard *parent = call->internal ? NULL : hg_given_to(guard);
	if (!parent || hg_guard_entered_by_self(parent, call->context, HG_CHILDREN_KEPT))
		return false;
	bool withheld = hg_options.mode == HG_MODE_GUARD;
	struct hg_event event = hg_event_here(call, guard->value);
	hg_report_given(guard, parent, &event, withheld);
	if (withheld)
		hg_return_deferred(call);
	return withheld;
}
