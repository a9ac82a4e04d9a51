/* The slow path: a call that no fast trampoline could settle alone. Nothing here touches a vector register, calls libc
 * or takes a lock; what must (findings, stacks, binding) runs inside hg_preserving. */
#include "api/start.h"
#include "arch/preserving.h"
#include "around/entered.h"
#include "around/exclusive.h"
#include "around/expected.h"
#include "around/left.h"
#include "around/making.h"
#include "base/sys.h"
#include "bind/dlopen.h"
#include "bind/images.h"
#include "bind/resolve.h"
#include "bind/slots.h"
#include "call/clearing.h"
#include "call/creates.h"
#include "call/frees.h"
#include "call/hands_out.h"
#include "call/ops.h"
#include "call/plain.h"
#include "call/reject.h"
#include "call/shared.h"
#include "call/tying.h"
#include "entry/arguments.h"
#include "entry/call.h"
#include "entry/inside_call.h"
#include "format/image.h"
#include "format/record.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "thread/frames.h"
#include "thread/inherited.h"
#include "thread/thread.h"
#include "thread/visit.h"

static bool ends_at_once(const struct hg_image_use *use)
{
	return use->frees == HG_USE_FREES || use->frees == HG_USE_RELEASES;
}

/* Whether the library makes the call in the course of its own work, with a handle of a class whose counts that must not
 * touch: what it takes by functions of which nobody hears, it may give back by those that the manifest names. */
static bool is_passed_over(const struct hg_call *call, uint32_t class_index)
{
	return call->internal && hg_class_at(call->slot, class_index)->flags & HG_CLASS_OWN_CALLS_PASS;
}

static bool enter_op(struct hg_call *call, const struct hg_image_use *use)
{
	return (use->frees == HG_USE_ACQUIRES && !hg_acquire(call, use)) || hg_enter_op(call, use);
}

static bool enter_uses(struct hg_call *call)
{
	const struct hg_image_use *use = hg_uses_of(call->slot);
	/* Ops first: a call that is rejected must not have begun a free. */
	for (uint32_t i = 0; i < call->slot->use_count; i++)
		if (!ends_at_once(&use[i]) && !is_passed_over(call, use[i].class_index) && !enter_op(call, &use[i]))
			return false;
	/* In between: calls leave a free first, then what they make, and their ops last. */
	if (call->slot->make_count && call->slot->roles & (HG_ROLE_FREE | HG_ROLE_RELEASE))
		hg_push_create_frame(call);
	for (uint32_t i = 0; i < call->slot->use_count; i++)
		if (ends_at_once(&use[i]) && !is_passed_over(call, use[i].class_index) && !hg_enter_free(call, &use[i]))
			return false;
	return true;
}

/* An address in the object that makes this call. */
static uint64_t calling_object(const struct hg_call *call)
{
	const struct hg_slot *outer = hg_ended_in_jump(call);
	return outer ? outer->library_low : hg_call_site(call);
}

static void resolve(void *argument)
{
	struct hg_call *call = argument;
	hg_image_list(hg_image_of(call->slot));
	hg_dlopen_end_here(call->fp + 16);
	struct hg_slot *slot = hg_resolve(call->slot, (const void *)calling_object(call));
	call->real = slot ? slot->real : NULL;
	call->slot = slot ? slot : call->slot;
}

/* Where a load is under way, or there are several functions of the name. */
__attribute__((cold, noinline)) static bool bound_for_caller(struct hg_call *call)
{
	struct hg_slot *known = hg_slot_known(call->slot, calling_object(call));
	if (!known) {
		hg_preserving(resolve, call);
		return call->real != NULL;
	}
	call->slot = known;
	call->real = __atomic_load_n(&known->real, __ATOMIC_ACQUIRE);
	return true;
}

bool hg_call_bind(struct hg_call *call)
{
	call->real = __atomic_load_n(&call->slot->real, __ATOMIC_ACQUIRE);
	return (call->real && hg_slot_is_certain(call->slot)) || bound_for_caller(call);
}

static void count_call(const struct hg_call *call)
{
	_Atomic uint64_t *counter = (_Atomic uint64_t *)((char *)call->context->counters + call->slot->counter);
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + 1, memory_order_relaxed);
}

static void name(void *slot)
{
	hg_name_slot(slot);
}

/* The class of the slot's first handle; 0: none, the call passes unguarded. */
static uint64_t class_of(struct hg_slot *slot)
{
	/* Acquired: what the slot says of its symbol stands once it has a class. */
	uint64_t class = __atomic_load_n(&slot->class_runtime, __ATOMIC_ACQUIRE);
	if (class || slot->binding != HG_BINDING_OWN || __atomic_load_n(&slot->named, __ATOMIC_ACQUIRE))
		return class;
	hg_preserving(name, slot);
	return __atomic_load_n(&slot->class_runtime, __ATOMIC_ACQUIRE);
}

static enum hg_action enter(struct hg_call *call)
{
	call->internal = (uint64_t)call->slot & HG_CALLED_INSIDE;
	call->slot = (struct hg_slot *)((uint64_t)call->slot & ~HG_CALLED_INSIDE);
	call->entered_count = 0;
	call->deferred = call->runs = call->clearing = call->ties = call->plain = false;
	call->freeing = call->ending = NULL;
	call->free_frame = call->create_frame = NULL;
	call->epoch = call->context ? call->context->epoch : 0;
	call->begun = call->slot->make_count ? hg_ticks() : 0;
	call->stored_before = 0;
	call->result[0] = hg_reject_value(call->slot);
	if (!hg_call_bind(call))
		return hg_reject(call);
	call->internal = call->internal || hg_inside_call(call);
	if (!call->context || (call->internal && call->slot->roles == HG_ROLE_OP) || !class_of(call->slot))
		return HG_PASS;
	/* What the library does for itself shows that it works, not that the program's calls are seen. */
	if (!call->internal)
		count_call(call);
	if (call->slot->plain && !call->internal && hg_enter_plainly(call))
		return HG_CALL;
	hg_retire_left(call);
	if (call->slot->roles & HG_ROLE_TABLE)
		hg_hand_out(call, false);
	if (!enter_uses(call))
		return hg_reject(call);
	hg_enter_creates(call);
	hg_note_stored(call);
	if (!call->create_frame && (call->slot->make_count || (!call->free_frame && !call->entered_count)))
		hg_push_create_frame(call);
	return HG_CALL;
}

enum hg_action hg_call_enter(struct hg_call *call)
{
	call->context = hg_context_here();
	struct hg_visit visit = hg_visit_begin();
	enum hg_action action = enter(call);
	hg_visit_end(&visit);
	return action;
}

static void leave(struct hg_call *call)
{
	const struct hg_image_make *make = hg_makes_of(call->slot);
	if (call->plain && hg_leave_plainly(call))
		return;
	if (call->context->epoch != call->epoch && !hg_take_over(call))
		return;
	/* A coroutine may have moved to another thread: the cache and the stacks of the first are that one's alone. */
	struct hg_context *here = hg_context_here();
	call->context = here ? here : call->context;
	if (call->slot->roles & HG_ROLE_TABLE)
		hg_hand_out(call, true);
	if (call->freeing)
		hg_settle_free(call);
	if (call->clearing)
		hg_settle_clearing(call);
	for (uint32_t i = 0; i < call->slot->make_count; i++)
		if (!is_passed_over(call, make[i].class_index))
			hg_make_handles(call, &make[i]);
	if (call->slot->make_count) {
		hg_settle_expected(call);
		hg_settle_taken(call);
	}
	if (call->ties)
		hg_settle_ties(call);
	hg_pop_create_frame(call);
	if (call->entered_count)
		hg_leave_ops(call);
	if (call->ending)
		hg_end_handle(call);
	hg_pop_free_frame(call);
}

void hg_call_leave(struct hg_call *call)
{
	struct hg_visit visit = hg_visit_begin();
	leave(call);
	hg_visit_end(&visit);
}

void hg_fast_leave(struct hg_frame *frame, struct hg_guard *guard)
{
	/* In a forked child, what the parent's calls left on this stack are frames of a recording that is not ours. */
	if (!hg_frame_is_ours(frame)) {
		if (hg_is_awaited(guard))
			hg_context_here();
		frame = hg_inherited_leave(frame);
	}
	struct hg_visit visit = hg_visit_begin();
	if (frame)
		hg_guard_leave(guard, frame);
	hg_visit_end(&visit);
}

void hg_fast_leave_alone(struct hg_frame *frame, struct hg_guard *guard)
{
	if (frame)
		hg_fast_leave(frame, guard);
	else if (atomic_load_explicit(&guard->word, memory_order_acquire) & HG_WORD_TELL)
		hg_guard_left(guard);
	hg_exclusive_left(hg_context, guard);
}
