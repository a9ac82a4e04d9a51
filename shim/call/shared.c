/* Shared handles: calls that add a claim, drop one, or end the handle for everybody. */
#include "call/shared.h"

#include "around/expected.h"
#include "around/left.h"
#include "around/making.h"
#include "base/counters.h"
#include "base/options.h"
#include "call/named.h"
#include "entry/arguments.h"
#include "entry/event_here.h"
#include "finding/holders.h"
#include "format/record.h"
#include "protocol/claims.h"
#include "protocol/class.h"
#include "protocol/end.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "protocol/in_flight.h"
#include "record/modules.h"
#include "thread/frames.h"
#include "thread/thread.h"

/* The event is left to whoever needs it. */
static struct hg_claimant claimant_of(const struct hg_call *call)
{
	uint64_t site = hg_call_site(call);
	return (struct hg_claimant){.serial = call->context->serial, .site = site, .object = hg_module_at(site)};
}

static bool add_claim(const struct hg_call *call, struct hg_guard *guard, const struct hg_event *event, bool sink)
{
	uint64_t word = atomic_load(&guard->word);
	if (!(word & HG_WORD_LIVE))
		return false;
	struct hg_claimant who = claimant_of(call);
	who.event = *event;
	return hg_claims_add(guard, hg_word_generation(word), &who, sink);
}

/* --- what a library does on the way of a call of the program's --- */

/* Whether the library makes this call in the middle of one of the program's that makes or drops a claim on the handle
 * itself: then it is only how the library does that. (A frame with bit 0 of fp set is none of a slot.) */
static bool accounted_for(const struct hg_call *call, const struct hg_guard *guard)
{
	if (!call->internal)
		return false;
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(call->context, frame));) {
		const struct hg_slot *slot = (const struct hg_slot *)frame->slot;
		if (hg_frame_used(frame) && !(frame->fp & 1) && frame != call->free_frame &&
		    slot->roles & (HG_ROLE_ACQUIRE | HG_ROLE_RELEASE) && hg_frame_guard(frame->guard) == guard)
			return true;
	}
	return false;
}

/* Where the innermost call of the program's stands that is in flight on the thread, further out than this one; 0: there
 * is none. */
static uint64_t program_around(const struct hg_call *call)
{
	uint64_t nearest = 0;
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(call->context, frame));)
		if (hg_frame_used(frame) && !(frame->fp & 1) && !(frame->guard & HG_FRAME_OWN) &&
		    frame->fp > call->fp && (!nearest || frame->fp < nearest))
			nearest = frame->fp;
	return nearest;
}

static bool is_held_at(const struct hg_call *call, uint64_t fp, const struct hg_guard *guard)
{
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(call->context, frame));)
		if (hg_frame_used(frame) && frame->fp == fp && hg_guard_entered_by(guard, frame))
			return true;
	return false;
}

/* Whether a release gives back what the library had taken where nobody could see it, by counting in place: where the
 * library is not known to have a claim, and the program has not asked for one of its own to be dropped. An op on the
 * handle does not do that, nor does the end of what was made from it; and of a function that is not guarded, or a
 * thread of the library's, nobody has said so. */
static bool was_taken_unseen(const struct hg_call *call, const struct hg_guard *guard, uint32_t generation)
{
	if (!call->internal || hg_claims_has_internal(guard, generation))
		return false;
	uint64_t around = program_around(call);
	return !around || is_held_at(call, around, guard);
}

/* The innermost create of the class that is in flight on the thread, further out than this call; 0: there is none. */
static uint64_t create_around(const struct hg_call *call, const struct hg_class *class)
{
	uint64_t nearest = 0;
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(call->context, frame));)
		if (hg_frame_used(frame) && !(frame->fp & 1) && frame->fp > call->fp &&
		    (!nearest || frame->fp < nearest) && hg_slot_makes((const struct hg_slot *)frame->slot, class))
			nearest = frame->fp;
	return nearest;
}

static struct hg_taken *taken_by(const struct hg_context *context, uint64_t fp, const struct hg_guard *guard)
{
	for (unsigned i = 0; i < context->taken_count; i++)
		if (context->taken[i].fp == fp && context->taken[i].guard == guard)
			return (struct hg_taken *)&context->taken[i];
	return NULL;
}

/* A create may be of a handle that there is: then what its library has taken on the way is what it hands out. */
static void note_taken(const struct hg_call *call, struct hg_guard *guard, uint64_t fp, int64_t net)
{
	struct hg_context *context = call->context;
	struct hg_taken *taken = fp ? taken_by(context, fp, guard) : NULL;
	if (!fp || !call->internal)
		return;
	if (!taken && context->taken_count == HG_TAKEN_MOST) {
		hg_count(HG_COUNTER_TAKEN_FULL);
		return;
	}
	if (!taken) {
		taken = &context->taken[context->taken_count++];
		*taken = (struct hg_taken){.fp = fp, .guard = guard};
	}
	taken->net += net;
}

/* Those of creates that were left by force are over too. */
void hg_settle_taken(struct hg_call *call)
{
	struct hg_context *context = call->context;
	for (unsigned i = 0; i < context->taken_count;) {
		struct hg_taken taken = context->taken[i];
		if (taken.fp != call->fp && hg_is_in_flight_at(context, taken.fp)) {
			i++;
			continue;
		}
		context->taken[i] = context->taken[--context->taken_count];
		if (taken.fp == call->fp)
			note_taken(call, taken.guard, create_around(call, taken.guard->class), taken.net);
	}
}

/* Whether the library has taken for this create what it returns. */
static bool has_taken(const struct hg_call *call, const struct hg_guard *guard)
{
	const struct hg_taken *taken = taken_by(call->context, call->fp, guard);
	return taken && taken->net > 0;
}

bool hg_join_handle(struct hg_call *call, struct hg_guard *guard, const struct hg_event *event)
{
	bool on_the_way = call->internal && (accounted_for(call, guard) || create_around(call, guard->class));
	return on_the_way || has_taken(call, guard) || add_claim(call, guard, event, false);
}

bool hg_acquire(struct hg_call *call, const struct hg_image_use *use)
{
	const struct hg_class *class = hg_class_at(call->slot, use->class_index);
	uint64_t value;
	/* What names no handle, or a stray, is turned away or let pass as an op is. */
	if (!hg_read_handle(call, use, 0, class, &value) || hg_names_stray(call, class, value))
		return true;
	/* The library acquires a handle of its own that we never met. */
	struct hg_guard *guard = call->internal ? hg_table_find(class, value) : hg_guard_of(call, class, value);
	if (!guard || accounted_for(call, guard))
		return false;
	struct hg_event event = hg_event_here(call, value);
	/* Before anything else: a release that comes meanwhile must not take itself for the last. */
	bool added = add_claim(call, guard, &event, use->sinks);
	if (!added && hg_expect(call, guard, HG_KIND_LATE_OP))
		added = add_claim(call, guard, &event, use->sinks);
	if (added && call->internal)
		note_taken(call, guard, create_around(call, class), 1);
	if (!added && !call->internal)
		hg_claim_inside(call, guard, 1);
	return true;
}

static enum hg_sharing release(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who)
{
	switch (hg_claims_release(guard, generation, who)) {
	case HG_CLAIMS_NONE_LEFT:
		return HG_SHARING_ENDS;
	case HG_CLAIMS_OVER:
		return HG_SHARING_OVER;
	default:
		return HG_SHARING_GOES_ON;
	}
}

/* A free for everybody: what it means for the others. */
static enum hg_sharing sever(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who, bool overtaken)
{
	uint32_t flags = guard->class->flags;
	struct hg_claims_end how = {.whole_object = flags & HG_CLASS_PER_OBJECT,
	                            .others_only = overtaken,
	                            .withhold = hg_options.mode == HG_MODE_GUARD && !(flags & HG_CLASS_SEVERING)};
	struct hg_claim_list cut;
	switch (hg_claims_free(guard, generation, who, &how, &cut)) {
	case HG_CLAIMS_FREE:
		return HG_SHARING_ENDS;
	case HG_CLAIMS_SEVERED:
		hg_report_severed(guard, generation, &who->event, &cut, 0);
		return HG_SHARING_ENDS;
	case HG_CLAIMS_WITHHELD:
		hg_report_severed(guard, generation, &who->event, &cut, HG_FINDING_WITHHELD);
		return HG_SHARING_WITHHELD;
	default:
		return HG_SHARING_OVER;
	}
}

enum hg_sharing hg_drop_claims(struct hg_call *call, const struct hg_image_use *use, struct hg_guard *guard,
                               bool overtaken, uint32_t *generation)
{
	uint64_t word = atomic_load(&guard->word);
	*generation = hg_word_generation(word);
	/* A library that counts is to hear of a release in any case. */
	if (overtaken && (call->internal || use->frees == HG_USE_RELEASES))
		return HG_SHARING_GOES_ON;
	if (!(word & HG_WORD_LIVE))
		return HG_SHARING_OVER;
	if (use->frees == HG_USE_RELEASES && (accounted_for(call, guard) || was_taken_unseen(call, guard, *generation)))
		return HG_SHARING_GOES_ON;
	if (call->internal && use->frees == HG_USE_RELEASES)
		note_taken(call, guard, create_around(call, guard->class), -1);
	struct hg_claimant who = claimant_of(call);
	if (use->frees == HG_USE_RELEASES)
		return release(guard, *generation, &who);
	if (call->internal) {
		hg_claims_drop_all(guard, *generation);
		return HG_SHARING_ENDS;
	}
	who.event = hg_event_here(call, guard->value);
	return sever(guard, *generation, &who, overtaken);
}

/* Where a free stands for all claims of its object, it cannot be seen whether their owners had given them up before.
 * One that goes on using the handle had not. */
void hg_note_late_holder(struct hg_call *call, struct hg_guard *guard)
{
	uint64_t word = atomic_load(&guard->word);
	struct hg_event free = hg_end_of_life(guard, hg_word_generation(word));
	if (!(guard->class->flags & HG_CLASS_PER_OBJECT) || !free.ticks || free.flags || free.tid == call->context->tid)
		return;
	struct hg_claim_list held;
	hg_claims_take(guard, hg_word_generation(word), call->context->serial, &held);
	if (held.count)
		hg_report_severed(guard, hg_word_generation(word), &free, &held, 0);
}
