#include "around/entered.h"

#include "api/start.h"
#include "around/exclusive.h"
#include "around/making.h"
#include "base/counters.h"
#include "entry/event_here.h"
#include "format/record.h"
#include "thread/frames.h"
#include "thread/inherited.h"
#include "thread/thread.h"

static void leave_guard(struct hg_guard *guard, struct hg_frame *frame)
{
	hg_guard_leave(guard, frame);
	if (hg_is_exclusive(guard->class))
		hg_exclusive_left(hg_context, guard);
}

void hg_leave_frame(struct hg_frame *frame)
{
	uint64_t held = frame->guard;
	struct hg_guard *guard = hg_frame_guard(held);
	hg_inherited_forget(frame);
	/* A create's frame names no handle; one that was left already is empty, or a hole. */
	if (!guard)
		hg_frame_clear(frame);
	else if (held & HG_FRAME_FREE)
		hg_guard_leave_free(guard, frame);
	else
		leave_guard(guard, frame);
}

static struct hg_frame *push_frame(struct hg_call *call, struct hg_frame *frame)
{
	frame->guard |= HG_FRAME_FREE | (call->internal ? HG_FRAME_OWN : 0);
	return hg_frame_push(call->context, frame);
}

static void pop_frame(struct hg_frame **frame)
{
	if (*frame)
		hg_leave_frame(*frame);
	*frame = NULL;
}

void hg_push_free_frame(struct hg_call *call, struct hg_guard *guard)
{
	struct hg_frame frame = hg_frame_of(call, guard->value);
	hg_frame_of_free(&frame, guard);
	call->free_frame = push_frame(call, &frame);
}

void hg_pop_free_frame(struct hg_call *call)
{
	pop_frame(&call->free_frame);
}

void hg_push_create_frame(struct hg_call *call)
{
	struct hg_frame frame = hg_frame_of(call, call->begun);
	frame.caller_fp = hg_made_at(call);
	call->create_frame = push_frame(call, &frame);
}

void hg_pop_create_frame(struct hg_call *call)
{
	pop_frame(&call->create_frame);
}

static void give_back(const struct hg_entered *entered)
{
	if (entered->frame == HG_ENTERED_AS_ANCESTOR)
		hg_guard_let_go(entered->guard);
	else if (entered->frame)
		hg_guard_leave(entered->guard, entered->frame);
	else
		hg_guard_leave_frameless(entered->guard);
}

void hg_note_entered(struct hg_call *call, struct hg_guard *guard, struct hg_frame *frame)
{
	struct hg_entered entered = {guard, frame};
	if (call->entered_count < HG_CALL_USES) {
		call->entered[call->entered_count++] = entered;
		return;
	}
	hg_count(HG_COUNTER_HANDLES_CUT);
	give_back(&entered);
}

static bool take_over_frame(struct hg_frame **frame)
{
	bool is_there = *frame != NULL;
	*frame = is_there ? hg_inherited_leave(*frame) : NULL;
	return !is_there || *frame;
}

bool hg_take_over(struct hg_call *call)
{
	bool known = true, wanted = call->freeing || call->ending || call->slot->make_count || hg_inherited_adopted();
	for (unsigned i = 0; i < call->entered_count; i++)
		wanted |= hg_is_awaited(call->entered[i].guard);
	struct hg_context *context = wanted ? hg_context_here() : NULL;
	for (unsigned i = 0; i < call->entered_count; i++) {
		struct hg_frame **frame = &call->entered[i].frame;
		if (!*frame || *frame == HG_ENTERED_AS_ANCESTOR)
			continue;
		*frame = hg_inherited_leave(*frame);
		known &= *frame != NULL;
	}
	known &= take_over_frame(&call->free_frame);
	known &= take_over_frame(&call->create_frame);
	if (!context || !known)
		return false;
	call->context = context;
	call->epoch = context->epoch;
	return true;
}

void hg_leave_ops(struct hg_call *call)
{
	while (call->entered_count) {
		struct hg_entered *last = &call->entered[--call->entered_count];
		give_back(last);
		/* A free may have been left to this op, whose destroy callback has forked. */
		if (call->context->epoch != call->epoch && !hg_take_over(call)) {
			call->entered_count = 0;
			return;
		}
		if (last->frame != HG_ENTERED_AS_ANCESTOR && hg_is_exclusive(last->guard->class))
			hg_exclusive_left(call->context, last->guard);
	}
}
