/* Frees: a call ends a handle, now or when it returns. */
#include "deferred.h"
#include "steps.h"

static enum hg_free_how how_to_free(const struct hg_call *call, const struct hg_class *class)
{
	if (call->internal)
		return HG_FREE_SILENT;
	if (hg_options.mode == HG_MODE_OBSERVE)
		return HG_FREE_OBSERVE;
	return class->drain == HG_DRAIN_DEFER ? HG_FREE_DEFER : HG_FREE_WAIT;
}

/* A free that has lost: whether the real function is called all the same. */
static bool repeat_free(struct hg_call *call, struct hg_guard *guard, const struct hg_event *event)
{
	if (call->internal || hg_inside_free(call, guard))
		return true;
	hg_report_call(HG_KIND_REPEAT_FREE, guard, event);
	return hg_options.mode == HG_MODE_OBSERVE;
}

struct free_call {
	struct hg_race race; /* first: hg_inspect_race takes it by the same address */
	const struct hg_call *call;
};

static struct hg_pending *prepare(struct hg_guard *guard, void *argument)
{
	return hg_deferred_free(guard, ((struct free_call *)argument)->call);
}

/* Runs the free's protocol on a guard. True: call the real function now. */
static bool begin_free(struct hg_call *call, struct hg_guard *guard)
{
	struct free_call this = {.race = {.event = hg_event_here(call, guard->value)}, .call = call};
	struct hg_free_request request = {.how = how_to_free(call, guard->class),
	                                  .deadline_ns = guard->class->deadline_ns,
	                                  .event = this.race.event,
	                                  .prepare = prepare,
	                                  .inspect = hg_inspect_race,
	                                  .argument = &this};
	struct hg_free_result result = hg_guard_begin_free(guard, call->context, &request);
	if (result.outcome == HG_ALREADY_FREEING)
		return repeat_free(call, guard, &this.race.event);
	hg_report_race(&this.race, &result, guard);
	switch (result.outcome) {
	case HG_DRAINED:
		call->freeing = guard;
		call->free_generation = result.generation;
		return true;
	case HG_TIMED_OUT:
		hg_count_class(call->context, guard->class, HG_CLASS_LEAKED);
		return false;
	default:
		call->result[0] = call->slot->deferred;
		return false;
	}
}

bool hg_enter_free(struct hg_call *call, const struct hg_image_use *use)
{
	const struct hg_class *class = hg_class_at(call->slot, use->class_index);
	uint64_t value;
	if (!hg_read_handle(call, use, 0, class, &value))
		return true;
	/* The library ends a handle of its own that we never met. */
	if (call->internal && !hg_table_find(class, value))
		return true;
	struct hg_guard *guard = hg_guard_of(call, class, value);
	if (!guard)
		return true;
	hg_push_free_frame(call, guard);
	bool proceed = begin_free(call, guard);
	if (!call->freeing)
		hg_pop_free_frame(call);
	return proceed;
}

bool hg_free_took_place(const struct hg_slot *slot, uint64_t result)
{
	return hg_condition_holds(&slot->freed, result);
}

void hg_settle_free(struct hg_call *call)
{
	struct hg_guard *guard = call->freeing;
	if (guard && !hg_free_took_place(call->slot, call->result[0]))
		hg_guard_revive(guard, call->free_generation);
	/* What the library made for itself does not count as created, nor as freed. */
	else if (guard && !(hg_event_load(&guard->create).flags & HG_EVENT_INTERNAL))
		hg_count_class(call->context, guard->class, HG_CLASS_FREED);
	if (!call->ending)
		hg_pop_free_frame(call);
}

/* The function has waited for the handle's other users by itself; one that is still there now was missed by it. */
void hg_end_handle(struct hg_call *call)
{
	struct hg_guard *guard = call->ending;
	if (!guard || !hg_free_took_place(call->slot, call->result[0]))
		return;
	struct hg_race race = {.event = hg_event_here(call, guard->value)};
	struct hg_free_request request = {.how = HG_FREE_OBSERVE,
	                                  .generation = call->free_generation,
	                                  .event = race.event,
	                                  .inspect = hg_inspect_race,
	                                  .argument = &race};
	struct hg_free_result result = hg_guard_begin_free(guard, call->context, &request);
	/* Before the function returned, its library may have handed the same value out again. */
	bool outlived = result.outcome == HG_ALREADY_FREEING && result.generation != call->free_generation;
	if (result.outcome == HG_ALREADY_FREEING && !outlived) {
		hg_report_call(HG_KIND_REPEAT_FREE, guard, &race.event);
		return;
	}
	if (!outlived)
		hg_report_race(&race, &result, guard);
	hg_count_class(call->context, guard->class, HG_CLASS_FREED);
}
