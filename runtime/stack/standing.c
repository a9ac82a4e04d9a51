#include "stack/standing.h"

#include "arch/preserving.h"
#include "base/sys.h"
#include "format/record.h"
#include "process/process.h"
#include "stack/stack.h"
#include "thread/thread.h"

#include <sys/uio.h>

_Atomic bool hg_stacks_are_copied;
_Atomic uint64_t hg_deferred_return;

enum { NEEDED = 4096 };        /* below any guarded call, as docs/run.md says */
enum { NEAR_BELOW = 1 << 16 }; /* no limit: so near two calls may be on one stack, a guess at best */

/* Bit 0 of fp: it is the caller's stack pointer, of a guard that stands in the library itself. */
static bool is_embedded(const struct hg_frame *frame)
{
	return frame->fp & 1 && !hg_frame_is_deferred(frame);
}

static uint64_t place_of(const struct hg_frame *frame)
{
	return frame->fp & ~UINT64_C(1);
}

/* Of one that is not embedded. The frame of a deferred free says where that was asked for. */
static uint64_t return_address(const struct hg_frame *frame)
{
	return hg_frame_is_deferred(frame) ? atomic_load(&hg_deferred_return) : frame->caller;
}

/* The stack pointer of the call's caller, as the unwinder has it. */
static uint64_t caller_sp(const struct hg_frame *frame)
{
	return is_embedded(frame) ? place_of(frame) : place_of(frame) + 16;
}

static bool on_own_stack(const struct hg_context *context, const struct hg_frame *frame)
{
	return place_of(frame) >= context->stack_low && place_of(frame) < context->stack_high;
}

/* Whether the call's return address still stands where it stood. */
static bool is_intact(const struct hg_context *context, const struct hg_frame *frame)
{
	const uint64_t *place = (const uint64_t *)place_of(frame);
	if (!on_own_stack(context, frame) && !(hg_readable(place) && hg_readable(place + 1)))
		return false;
	return is_embedded(frame) || __atomic_load_n(place + 1, __ATOMIC_RELAXED) == return_address(frame);
}

struct climb {
	const struct hg_frame *other;
	struct hg_span below; /* the call's own part of its stack */
	uint64_t end, last;   /* where the stack ended, and in which code */
	bool interrupted, strays;
};

static bool look_for(uint64_t sp, uint64_t pc, bool interrupted, void *argument)
{
	struct climb *climb = argument;
	climb->end = sp;
	climb->last = pc;
	climb->interrupted = interrupted;
	climb->strays |= sp >= climb->below.low && sp < climb->below.high;
	/* From here on it would be led by what others have written, which not every unwinder survives. */
	if (climb->strays)
		return false;
	return !climb->other || sp != caller_sp(climb->other) ||
	       (!is_embedded(climb->other) && pc != return_address(climb->other));
}

/* Whether another stack than the thread's has been cut off: it seems to end close below the call, and not in the code
 * in which the call's stack does, where coroutines begin. */
static bool is_cut(const struct hg_frame *call, const struct climb *whole, const struct hg_frame *other,
                   const struct climb *part)
{
	return place_of(other) < place_of(call) && place_of(call) - place_of(other) < NEAR_BELOW &&
	       part->end < caller_sp(call) && part->last != whole->last;
}

/* Of a call whose own stack has been climbed to its end, and did not lead to the other one. All calls in flight on a
 * stack lie on the way to its end. Where the thread's own stack leads from the other call to nowhere, or ends too soon,
 * what stood there has been overwritten; one that ends further out is that of the thread, and the call that of a
 * coroutine whose stack is an array on it. No stack that is parked leads to where this call has its own. */
static enum hg_standing by_end(const struct hg_context *context, const struct hg_frame *call,
                               const struct hg_frame *other, const struct climb *whole)
{
	bool own = on_own_stack(context, call) && on_own_stack(context, other);
	struct hg_frame from = *other;
	if (hg_frame_is_deferred(other))
		from = (struct hg_frame){.fp = place_of(other), .caller = return_address(other)};
	struct climb climb = {.below = {caller_sp(call) - NEEDED, caller_sp(call)}};
	enum hg_climb how = hg_stack_climb(&from, look_for, &climb);
	if (how != HG_CLIMB_END || climb.strays)
		return own || climb.strays ? HG_STANDING_LEFT : HG_STANDING_ELSEWHERE;
	bool overwritten =
	    own ? climb.end < whole->end && place_of(other) <= place_of(call) : is_cut(call, whole, other, &climb);
	return climb.end == whole->end || overwritten ? HG_STANDING_LEFT : HG_STANDING_ELSEWHERE;
}

/* Where the unwinder knows no way: by the places alone. */
static enum hg_standing by_place(const struct hg_context *context, const struct hg_frame *call,
                                 const struct hg_frame *other)
{
	enum { NEAR = 1 << 18 }; /* no limit: likewise */
	bool below = place_of(call) < place_of(other);
	if (on_own_stack(context, call) && on_own_stack(context, other))
		return below ? HG_STANDING_INSIDE : HG_STANDING_LEFT;
	bool neither = !on_own_stack(context, call) && !on_own_stack(context, other);
	return neither && below && place_of(other) - place_of(call) < NEAR ? HG_STANDING_INSIDE : HG_STANDING_ELSEWHERE;
}

struct question {
	const struct hg_context *context;
	const struct hg_frame *call, *other;
	bool inside_only; /* what else it may be is not asked */
	enum hg_standing answer;
};

static enum hg_standing by_stack(const struct question *question)
{
	struct climb climb = {.other = question->other};
	switch (hg_stack_climb(question->call, look_for, &climb)) {
	case HG_CLIMB_STOPPED:
		return climb.interrupted ? HG_STANDING_HANDLER : HG_STANDING_INSIDE;
	case HG_CLIMB_LOST:
		return by_place(question->context, question->call, question->other);
	default:
		return question->inside_only ? HG_STANDING_ELSEWHERE
		                             : by_end(question->context, question->call, question->other, &climb);
	}
}

static void answer(void *argument)
{
	struct question *question = argument;
	/* The call stands where the other one did, or its return address no longer does. */
	bool left = question->call->fp == question->other->fp || !is_intact(question->context, question->other);
	question->answer = left ? HG_STANDING_LEFT : by_stack(question);
	if (question->answer == HG_STANDING_LEFT && atomic_load(&hg_stacks_are_copied) &&
	    on_own_stack(question->context, question->other))
		question->answer = HG_STANDING_ELSEWHERE;
}

enum hg_standing hg_standing(const struct hg_context *context, const struct hg_frame *call,
                             const struct hg_frame *other)
{
	struct question question = {.context = context, .call = call, .other = other};
	hg_preserving(answer, &question);
	return question.answer;
}

bool hg_stands_inside(const struct hg_context *context, const struct hg_frame *call, const struct hg_frame *other)
{
	struct question question = {.context = context, .call = call, .other = other, .inside_only = true};
	hg_preserving(answer, &question);
	return question.answer == HG_STANDING_INSIDE;
}

bool hg_may_be_left(const struct hg_context *context, const struct hg_frame *call, const struct hg_frame *other)
{
	uint64_t at = place_of(call), below = at - place_of(other);
	if (place_of(other) > at)
		return false;
	bool own = on_own_stack(context, call);
	if (own != on_own_stack(context, other))
		return false;
	return own ? !atomic_load(&hg_stacks_are_copied) : below < NEAR_BELOW;
}

uint64_t hg_outer(const struct hg_context *context, uint64_t place, uint64_t older)
{
	struct hg_frame other = {.fp = older}, one = {.fp = place};
	return on_own_stack(context, &other) && on_own_stack(context, &one) && older > place ? older : place;
}

/* The other thread may end meanwhile, and its stack with it: read by the kernel, which does not mind. */
bool hg_is_overwritten(const struct hg_frame *frame)
{
	uint64_t found;
	struct iovec to = {&found, sizeof found}, from = {(void *)(place_of(frame) + 8), sizeof found};
	if (is_embedded(frame) || atomic_load(&hg_stacks_are_copied))
		return false;
	long read = hg_syscall(SYS_process_vm_readv, hg_process_pid(), (long)&to, 1, (long)&from, 1, 0);
	return read == -EFAULT || (read == sizeof found && found != return_address(frame));
}

bool hg_is_parked(const struct hg_context *context, const struct hg_frame *frame)
{
	return context->stack_high && !on_own_stack(context, frame) && is_intact(context, frame);
}
