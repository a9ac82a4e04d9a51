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

struct counting {
	struct hg_context *context;
	enum hg_class_counter counter;
};

static void count_ended(struct hg_guard *child, void *argument)
{
	const struct counting *counting = argument;
	if (!(hg_event_load(&child->create).flags & HG_EVENT_INTERNAL))
		hg_count_class(counting->context, child->class, counting->counter);
}

static void end_children(struct hg_context *context, struct hg_guard *guard, uint32_t generation,
                         enum hg_children children, enum hg_class_counter counter)
{
	if (children == HG_CHILDREN_ENDED)
		hg_family_end(guard, generation, count_ended, &(struct counting){context, counter});
}

/* A root lives again as soon as its class has been torn down: there will be other handles. */
static void count_end(struct hg_context *context, struct hg_guard *guard, enum hg_class_counter counter)
{
	if (guard == guard->class->root)
		hg_guard_renew_root(guard);
	/* What the library made for itself does not count as created, nor as freed. */
	else if (!(hg_event_load(&guard->create).flags & HG_EVENT_INTERNAL))
		hg_count_class(context, guard->class, counter);
}

void hg_ended(struct hg_context *context, struct hg_guard *guard, uint32_t generation, enum hg_children children,
              enum hg_class_counter counter)
{
	hg_family_quit(guard, generation);
	end_children(context, guard, generation, children, counter);
	count_end(context, guard, counter);
}

/* A free that has lost: whether the real function is called all the same. */
static bool repeat_free(struct hg_call *call, struct hg_guard *guard, const struct hg_event *event)
{
	if (call->internal || hg_inside_family_free(call, guard))
		return true;
	/* To tear down what is being torn down is nobody's mistake. */
	if (guard == guard->class->root)
		call->result[0] = call->slot->deferred;
	else
		hg_report_call(HG_KIND_REPEAT_FREE, guard, event);
	return hg_options.mode == HG_MODE_OBSERVE;
}

struct free_call {
	struct hg_race race; /* first: hg_inspect_race takes it by the same address */
	const struct hg_call *call;
	enum hg_children children;
};

static struct hg_pending *prepare(struct hg_guard *guard, void *argument)
{
	const struct free_call *this = argument;
	return hg_deferred_free(guard, this->call, this->children);
}

bool hg_can_fail(const struct hg_slot *slot)
{
	return slot->freed.test != HG_TEST_ALWAYS;
}

static void report_orphans(const struct hg_call *call, struct hg_guard *guard, uint32_t generation,
                           enum hg_children children)
{
	if (!call->internal && children == HG_CHILDREN_ORPHANED)
		hg_report_orphans(guard, generation);
}

/* What becomes of the free, and what the call does next. True: call the real function now. */
static bool follow(struct hg_call *call, struct hg_guard *guard, const struct hg_free_result *result,
                   enum hg_children children)
{
	switch (result->outcome) {
	case HG_DRAINED:
		call->freeing = guard;
		call->free_generation = result->generation;
		call->free_children = children;
		/* A free that cannot fail takes its children along before their addresses can be handed out again. */
		if (!hg_can_fail(call->slot))
			end_children(call->context, guard, result->generation, children, HG_CLASS_FREED);
		return true;
	case HG_TIMED_OUT:
		hg_ended(call->context, guard, result->generation, children, HG_CLASS_LEAKED);
		return false;
	default:
		call->result[0] = call->slot->deferred;
		call->deferred = true;
		return false;
	}
}

/* Runs the free's protocol on a guard. True: call the real function now. */
static bool begin_free(struct hg_call *call, struct hg_guard *guard, enum hg_children children)
{
	struct free_call this = {
	    .race = {.event = hg_event_here(call, guard->value)}, .call = call, .children = children};
	struct hg_free_request request = {.how = how_to_free(call, guard->class),
	                                  .deadline_ns = guard->class->deadline_ns,
	                                  .children = children,
	                                  .event = this.race.event,
	                                  .prepare = prepare,
	                                  .inspect = hg_inspect_race,
	                                  .argument = &this};
	struct hg_free_result result = hg_guard_begin_free(guard, call->context, &request);
	if (result.outcome == HG_ALREADY_FREEING)
		return repeat_free(call, guard, &this.race.event);
	hg_report_race(&this.race, &result, guard);
	if (result.outcome == HG_TIMED_OUT || !hg_can_fail(call->slot))
		report_orphans(call, guard, result.generation, children);
	return follow(call, guard, &result, children);
}

bool hg_is_orphan(const struct hg_call *call, struct hg_guard *guard)
{
	return !call->internal && hg_family_orphaned(guard) && !hg_inside_family_free(call, guard);
}

bool hg_free_orphan(struct hg_call *call, struct hg_guard *guard)
{
	struct hg_event event = hg_event_here(call, guard->value);
	struct hg_guard *freed = hg_family_ended_by(guard);
	/* What the parent's free ends is left to it. */
	bool ends = freed && hg_family_policy(freed) == HG_CHILDREN_ENDED;
	uint32_t generation = hg_word_generation(atomic_load(&guard->word));
	hg_report_call(ends ? HG_KIND_REPEAT_FREE : HG_KIND_ORPHAN, guard, &event);
	if (hg_options.mode == HG_MODE_OBSERVE)
		return true;
	if (!ends && hg_guard_give_up(guard, &event)) {
		hg_family_quit(guard, generation);
		count_end(call->context, guard, HG_CLASS_LEAKED);
	}
	return false;
}

static bool free_guard(struct hg_call *call, struct hg_guard *guard, enum hg_children children)
{
	if (children == HG_CHILDREN_REFUSED && !call->internal && hg_family_any(guard))
		return hg_enter_ending(call, guard);
	hg_push_free_frame(call, guard);
	bool proceed = hg_is_orphan(call, guard)
	                   ? hg_free_orphan(call, guard) && begin_free(call, guard, HG_CHILDREN_KEPT)
	                   : begin_free(call, guard, children);
	if (!call->freeing)
		hg_pop_free_frame(call);
	return proceed;
}

bool hg_enter_free(struct hg_call *call, const struct hg_image_use *use)
{
	const struct hg_class *class = hg_class_at(call->slot, use->class_index);
	uint64_t value;
	if (!hg_is_chosen(call, &use->choice))
		return true;
	if (use->all)
		return free_guard(call, class->root, HG_CHILDREN_ENDED);
	if (!hg_read_handle(call, use, 0, class, &value))
		return true;
	/* The library ends a handle of its own that we never met. */
	if (call->internal && !hg_table_find(class, value))
		return true;
	struct hg_guard *guard = hg_guard_of(call, class, value);
	return !guard || free_guard(call, guard, use->children);
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
	else if (guard) {
		enum hg_children children = (enum hg_children)call->free_children;
		if (hg_can_fail(call->slot))
			report_orphans(call, guard, call->free_generation, children);
		hg_ended(call->context, guard, call->free_generation, children, HG_CLASS_FREED);
	}
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
	hg_family_quit(guard, call->free_generation);
	count_end(call->context, guard, HG_CLASS_FREED);
}
