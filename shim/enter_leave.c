/* The slow path: a call that no fast trampoline could settle alone. Nothing here touches a vector register, calls libc
 * or takes a lock; what must (findings, stacks, binding) runs inside hg_preserving. */
#include "call.h"

#include "deferred.h"

static uint64_t argument(const struct hg_call *call, unsigned index)
{
	if (index < HG_REGISTER_ARGUMENTS)
		return call->registers[index];
	return ((const uint64_t *)(call->fp + 16))[index - HG_REGISTER_ARGUMENTS];
}

static uint64_t caller(const struct hg_call *call)
{
	return ((const uint64_t *)call->fp)[1];
}

static const struct hg_class *class_at(const struct hg_slot *slot, uint32_t index)
{
	const struct hg_image *image = hg_image_of(slot);
	return (const struct hg_class *)HG_IMAGE_AT(image, image->classes, struct hg_image_class)[index].runtime;
}

static bool names_none(const struct hg_class *class, uint64_t value)
{
	for (uint32_t i = 0; i < class->none_count; i++)
		if (((uint64_t) class->nones[i] & class->mask) == value)
			return true;
	return false;
}

/* Bytes of a handle in memory. Not by counting bits: where that is a call of libgcc, it uses a vector register. */
static size_t width(const struct hg_class *class)
{
	return (64 - (size_t)__builtin_clzll(class->mask)) / 8;
}

/* The handle that a use finds in the arguments. False if it names none. */
static bool read_handle(const struct hg_call *call, const struct hg_image_use *use, const struct hg_class *class,
                        uint64_t *value)
{
	uint64_t raw = argument(call, use->argument);
	if (use->indirect && !raw)
		return false;
	if (use->indirect)
		hg_copy(&raw, (const void *)raw, width(class));
	*value = raw & class->mask;
	return !names_none(class, *value);
}

static struct hg_frame frame_of(const struct hg_call *call, uint64_t value)
{
	return (struct hg_frame){.slot = (uint64_t)call->slot, .fp = call->fp, .value = value, .caller = caller(call)};
}

static struct hg_event event_here(struct hg_call *call, uint64_t value)
{
	struct hg_frame frame = frame_of(call, value);
	return (struct hg_event){.ticks = hg_ticks(),
	                         .tid = call->context->tid,
	                         .symbol = call->slot->symbol,
	                         .stack = call->internal ? 0 : hg_stack_here(call->context, &frame),
	                         .flags = call->internal ? HG_EVENT_INTERNAL : 0};
}

/* The guard of a handle that a call names; a value that nobody saw created begins its life here. Null: no memory. */
static struct hg_guard *guard_of(struct hg_call *call, const struct hg_class *class, uint64_t value)
{
	/* One load, and what it points to never changes: a signal handler may put another handle there at any time. */
	struct hg_guard *guard = __atomic_load_n(&hg_cache_at(call->context, value)->guard, __ATOMIC_RELAXED);
	if (guard && guard->value == value && guard->class == class)
		return guard;
	guard = hg_table_obtain(class, value);
	if (!guard) {
		hg_count(HG_COUNTER_MEMORY_REFUSED);
		return NULL;
	}
	if (atomic_load_explicit(&guard->word, memory_order_acquire))
		return guard;
	struct hg_event event = event_here(call, value);
	event.flags |= HG_EVENT_ADOPTED;
	if (hg_guard_adopt(guard, &event)) {
		hg_count_class(call->context, class, HG_CLASS_ADOPTED);
		if (class->flags & HG_CLASS_CLOSED && !call->internal)
			hg_report_call(HG_KIND_STRAY, guard, &event);
	}
	return guard;
}

/* Whether this thread is inside the real free of this guard, that of an earlier call than this one: what the library
 * calls there is its own business. */
static bool inside_free(const struct hg_call *call, const struct hg_guard *guard)
{
	const struct hg_context *context = call->context;
	for (struct hg_frame *frame = context->base; frame < context->top; frame++)
		if (frame->guard == ((uint64_t)guard | HG_FRAME_FREE) && frame != call->free_frame)
			return true;
	return false;
}

/* For a free, and (guard null) for a create, whose handle is not known yet: no drain waits for it, but whoever is
 * interested in calls in flight sees it. */
static void push_free_frame(struct hg_call *call, struct hg_guard *guard)
{
	struct hg_frame frame = frame_of(call, guard ? guard->value : 0);
	frame.guard = (uint64_t)guard | HG_FRAME_FREE;
	call->free_frame = hg_frame_push(call->context, &frame);
}

static void pop_free_frame(struct hg_call *call)
{
	if (call->free_frame)
		hg_frame_clear(call->free_frame);
	call->free_frame = NULL;
}

static void hold(struct hg_call *call, struct hg_guard *guard, struct hg_frame *frame)
{
	call->holding[call->held++] = (struct hg_holding){guard, frame};
}

/* False: the op is to be turned away. */
static bool late_op(struct hg_call *call, struct hg_guard *guard, struct hg_frame *frame, bool frees)
{
	if (inside_free(call, guard))
		return true;
	struct hg_event event = event_here(call, guard->value);
	hg_report_call(frees ? HG_KIND_REPEAT_FREE : HG_KIND_LATE_OP, guard, &event);
	if (hg_options.mode != HG_MODE_OBSERVE)
		return false;
	frame->guard = (uint64_t)guard;
	struct hg_frame *in = hg_frame_push(call->context, frame);
	if (in)
		hold(call, guard, in);
	return true;
}

/* A call that ends the handle when it returns. It is no op in flight: where its library has handed the value out again
 * before it returns, it would be taken for one of the next life's. Its mark tells of it. */
static bool enter_ending(struct hg_call *call, struct hg_guard *guard, struct hg_frame *frame)
{
	uint64_t word = atomic_load(&guard->word);
	push_free_frame(call, guard);
	if (!(word & HG_WORD_LIVE))
		return late_op(call, guard, frame, true);
	call->ending = guard;
	call->free_generation = hg_word_generation(word);
	return true;
}

static bool enter_op(struct hg_call *call, const struct hg_image_use *use)
{
	const struct hg_class *class = class_at(call->slot, use->class_index);
	uint64_t value;
	if (call->internal || call->held == HG_CALL_USES || !read_handle(call, use, class, &value))
		return true;
	struct hg_guard *guard = guard_of(call, class, value);
	if (!guard)
		return true;
	struct hg_frame frame = frame_of(call, value), *in = NULL;
	if (use->frees)
		return enter_ending(call, guard, &frame);
	switch (hg_guard_enter(guard, call->context, &frame, use->allowed_while_freeing, &in)) {
	case HG_LATE:
		return late_op(call, guard, &frame, false);
	case HG_ENTERED:
	case HG_VISITED:
		hold(call, guard, in);
	}
	return true;
}

static void leave_ops(struct hg_call *call)
{
	while (call->held) {
		struct hg_holding *last = &call->holding[--call->held];
		if (last->frame)
			hg_guard_leave(last->guard, last->frame);
		else
			hg_guard_leave_visit(last->guard);
	}
}

/* --- frees --- */

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
	if (call->internal || inside_free(call, guard))
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
	struct free_call this = {.race = {.event = event_here(call, guard->value)}, .call = call};
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

static bool enter_free(struct hg_call *call, const struct hg_image_use *use)
{
	const struct hg_class *class = class_at(call->slot, use->class_index);
	uint64_t value;
	if (!read_handle(call, use, class, &value))
		return true;
	/* The library ends a handle of its own that we never met. */
	if (call->internal && !hg_table_find(class, value))
		return true;
	struct hg_guard *guard = guard_of(call, class, value);
	if (!guard)
		return true;
	push_free_frame(call, guard);
	bool proceed = begin_free(call, guard);
	if (!call->freeing)
		pop_free_frame(call);
	return proceed;
}

bool hg_free_took_place(const struct hg_slot *slot, uint64_t result)
{
	return hg_condition_holds(&slot->freed, result);
}

static void settle_free(struct hg_call *call)
{
	struct hg_guard *guard = call->freeing;
	if (guard && !hg_free_took_place(call->slot, call->result[0]))
		hg_guard_revive(guard, call->free_generation);
	/* What the library made for itself does not count as created, nor as freed. */
	else if (guard && !(hg_event_load(&guard->create).flags & HG_EVENT_INTERNAL))
		hg_count_class(call->context, guard->class, HG_CLASS_FREED);
	if (!call->ending)
		pop_free_frame(call);
}

/* The function has waited for the handle's other users by itself; one that is still there now was missed by it. */
static void end_handle(struct hg_call *call)
{
	struct hg_guard *guard = call->ending;
	if (!guard || !hg_free_took_place(call->slot, call->result[0]))
		return;
	struct hg_race race = {.event = event_here(call, guard->value)};
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

/* --- creates --- */

static int64_t result_as(uint64_t result, uint32_t type)
{
	switch (type) {
	case HG_TYPE_I8:
		return (int8_t)result;
	case HG_TYPE_I16:
		return (int16_t)result;
	case HG_TYPE_I32:
		return (int32_t)result;
	case HG_TYPE_U8:
		return (uint8_t)result;
	case HG_TYPE_U16:
		return (uint16_t)result;
	case HG_TYPE_U32:
		return (uint32_t)result;
	default:
		return (int64_t)result;
	}
}

bool hg_condition_holds(const struct hg_image_condition *condition, uint64_t raw)
{
	int64_t result = result_as(raw, condition->type), value = condition->value;
	switch (condition->test) {
	case HG_TEST_EQ:
		return result == value;
	case HG_TEST_NE:
		return result != value;
	case HG_TEST_LT:
		return result < value;
	case HG_TEST_LE:
		return result <= value;
	case HG_TEST_GT:
		return result > value;
	case HG_TEST_GE:
		return result >= value;
	default:
		return true;
	}
}

static struct hg_guard *parent_of(const struct hg_call *call, const struct hg_image_make *make)
{
	if (make->parent_class == HG_NONE)
		return NULL;
	const struct hg_class *class = class_at(call->slot, make->parent_class);
	return hg_table_find(class, argument(call, make->parent_argument) & class->mask);
}

static bool read_made(const struct hg_call *call, const struct hg_image_make *make, const struct hg_class *class,
                      uint64_t *value)
{
	if (!hg_condition_holds(&make->when, call->result[0]))
		return false;
	uint64_t raw = make->from_return ? call->result[0] : argument(call, make->argument);
	if (!make->from_return && !raw)
		return false;
	if (!make->from_return)
		hg_copy(&raw, (const void *)raw, width(class));
	*value = raw & class->mask;
	return !names_none(class, *value);
}

static bool ends_later(const struct hg_slot *slot)
{
	const struct hg_image *image = hg_image_of(slot);
	const struct hg_image_use *use = HG_IMAGE_AT(image, image->uses, struct hg_image_use) + slot->first_use;
	return slot->use_count && use->frees == HG_USE_ENDS_LATER;
}

struct ending {
	const struct hg_guard *guard;
	bool found;
};

static bool find_ending(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct ending *what = argument;
	(void)owner;
	what->found =
	    frame->guard == ((uint64_t)what->guard | HG_FRAME_FREE) && ends_later((const struct hg_slot *)frame->slot);
	return !what->found;
}

/* Whether a call is just ending the handle's last life: the library is done with the value, the call has not returned.
 */
static bool being_ended(const struct hg_guard *guard)
{
	struct ending what = {.guard = guard};
	hg_frames_each(find_ending, &what);
	return what.found;
}

static void make_handle(struct hg_call *call, const struct hg_image_make *make)
{
	const struct hg_class *class = class_at(call->slot, make->class_index);
	uint64_t value;
	if (!read_made(call, make, class, &value))
		return;
	struct hg_guard *guard = hg_table_obtain(class, value);
	if (!guard) {
		hg_count(HG_COUNTER_MEMORY_REFUSED);
		return;
	}
	struct hg_event event = event_here(call, value), previous = hg_event_load(&guard->create);
	/* Asked before the new life begins: the call that ends the old one may be gone after it. */
	bool ended = hg_guard_lives(guard) && being_ended(guard);
	bool reborn = hg_guard_create(guard, call->context, &event, parent_of(call, make)) == HG_REBORN && !ended;
	if (reborn && !previous.flags && !event.flags)
		hg_report_reborn(guard, &event, &previous);
	/* The last life has ended, though nobody saw how. */
	if (reborn && !(previous.flags & HG_EVENT_INTERNAL))
		hg_count_class(call->context, class, HG_CLASS_FREED);
	if (!call->internal)
		hg_count_class(call->context, class, HG_CLASS_CREATED);
}

/* --- calls --- */

static void zero_arguments(const struct hg_call *call)
{
	const struct hg_image *image = hg_image_of(call->slot);
	const struct hg_image_zero *zero =
	    HG_IMAGE_AT(image, image->zeros, struct hg_image_zero) + call->slot->first_zero;
	for (uint32_t i = 0; i < call->slot->zero_count; i++) {
		volatile char *at = (volatile char *)argument(call, zero[i].argument);
		for (uint32_t byte = 0; at && byte < zero[i].bytes; byte++)
			at[byte] = 0;
	}
}

static enum hg_action turn_away(struct hg_call *call)
{
	leave_ops(call);
	pop_free_frame(call);
	zero_arguments(call);
	if (call->slot->reject.error)
		errno = call->slot->reject.error;
	/* A struct in memory is returned as its address, which is the hidden first argument. */
	if (call->slot->returns == HG_TYPE_VOID)
		call->result[0] = call->registers[0];
	return HG_TURN_AWAY;
}

static uint64_t reject_value(const struct hg_slot *slot)
{
	if (slot->reject.type == HG_TYPE_TEXT)
		return (uint64_t)HG_IMAGE_TEXT(hg_image_of(slot), slot->reject.value);
	return slot->reject.value;
}

static bool enter_uses(struct hg_call *call)
{
	const struct hg_image *image = hg_image_of(call->slot);
	const struct hg_image_use *use = HG_IMAGE_AT(image, image->uses, struct hg_image_use) + call->slot->first_use;
	/* Ops first: a call that is turned away must not have begun a free. */
	for (uint32_t i = 0; i < call->slot->use_count; i++)
		if (use[i].frees != HG_USE_FREES && !enter_op(call, &use[i]))
			return false;
	for (uint32_t i = 0; i < call->slot->use_count; i++)
		if (use[i].frees == HG_USE_FREES && !enter_free(call, &use[i]))
			return false;
	return true;
}

static void resolve(void *argument)
{
	struct hg_call *call = argument;
	hg_resolve(call->slot, (const void *)caller(call));
}

/* The first call of a slot: its class and symbol made known, its real function found. */
static bool bound(struct hg_call *call)
{
	call->real = __atomic_load_n(&call->slot->real, __ATOMIC_ACQUIRE);
	if (call->real)
		return true;
	hg_preserving(resolve, call);
	call->real = __atomic_load_n(&call->slot->real, __ATOMIC_ACQUIRE);
	return call->real != NULL;
}

/* Whether the library itself makes this call. A function that ends by jumping to another one leaves no return address
 * of its own: the other seems to be called by the trampoline that called the first. */
static bool made_by_library(const struct hg_call *call)
{
	uint64_t from = caller(call);
	if (from - call->slot->library_low < call->slot->library_size)
		return true;
	if (from < (uint64_t)hg_trampoline || from >= (uint64_t)hg_trampolines_end || !call->context)
		return false;
	uint64_t outer = ((const uint64_t *)call->fp)[0];
	for (struct hg_frame *frame = call->context->base; frame < call->context->top; frame++)
		if (frame->fp == outer && frame->guard)
			return ((const struct hg_slot *)frame->slot)->library_low == call->slot->library_low;
	return true;
}

static void count_call(const struct hg_call *call)
{
	_Atomic uint64_t *counter = (_Atomic uint64_t *)((char *)call->context->counters + call->slot->counter);
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + 1, memory_order_relaxed);
}

enum hg_action hg_call_enter(struct hg_call *call)
{
	struct hg_slot *slot = call->slot;
	call->held = 0;
	call->freeing = call->ending = NULL;
	call->free_frame = NULL;
	call->context = hg_context_here();
	call->epoch = call->context ? call->context->epoch : 0;
	call->result[0] = reject_value(slot);
	if (!bound(call))
		return turn_away(call);
	call->internal = made_by_library(call);
	/* Acquired: what the slot says of its symbol stands once it has a class. */
	uint64_t class = __atomic_load_n(&slot->class_runtime, __ATOMIC_ACQUIRE);
	if (!call->context || !class || (call->internal && slot->roles == HG_ROLE_OP))
		return HG_PASS;
	count_call(call);
	if (!enter_uses(call))
		return turn_away(call);
	if (!call->held && !call->free_frame)
		push_free_frame(call, NULL);
	return HG_CALL;
}

void hg_call_leave(struct hg_call *call)
{
	const struct hg_image *image = hg_image_of(call->slot);
	const struct hg_image_make *make =
	    HG_IMAGE_AT(image, image->makes, struct hg_image_make) + call->slot->first_make;
	if (call->context->epoch != call->epoch)
		return;
	/* A coroutine may have moved to another thread: the cache and the stacks of the first are that one's alone. */
	struct hg_context *here = hg_context_here();
	call->context = here ? here : call->context;
	settle_free(call);
	for (uint32_t i = 0; i < call->slot->make_count; i++)
		make_handle(call, &make[i]);
	leave_ops(call);
	end_handle(call);
	pop_free_frame(call);
}

void hg_fast_leave(struct hg_frame *frame, struct hg_guard *guard)
{
	/* In a forked child, what the parent's calls left on this stack are frames of a recording that is not ours. */
	if (hg_frame_is_ours(frame))
		hg_guard_leave(guard, frame);
}
