/* Shared handles: calls that add a claim, drop one, or end the handle for everybody. */
#include "steps.h"

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

static bool makes(const struct hg_slot *slot, const struct hg_class *class)
{
	const struct hg_image *image = hg_image_of(slot);
	const struct hg_image_make *make = HG_IMAGE_AT(image, image->makes, struct hg_image_make) + slot->first_make;
	for (uint32_t i = 0; i < slot->make_count; i++)
		if (hg_class_at(slot, make[i].class_index) == class)
			return true;
	return false;
}

/* Whether the library makes this call in the middle of one of the program's that makes or drops a claim on the handle
 * itself: then it is only how the library does that. (A frame with bit 0 of fp set is none of a slot.) */
static bool accounted_for(const struct hg_call *call, const struct hg_guard *guard)
{
	const struct hg_context *context = call->context;
	if (!call->internal)
		return false;
	for (const struct hg_frame *frame = context->base; frame < context->top; frame++) {
		const struct hg_slot *slot = (const struct hg_slot *)frame->slot;
		if (!frame->guard || frame->guard == HG_FRAME_HOLE || frame->fp & 1 || frame == call->free_frame)
			continue;
		if (makes(slot, guard->class) ||
		    (slot->roles & (HG_ROLE_ACQUIRE | HG_ROLE_RELEASE) && hg_frame_guard(frame->guard) == guard))
			return true;
	}
	return false;
}

bool hg_join_handle(struct hg_call *call, struct hg_guard *guard, const struct hg_event *event)
{
	return accounted_for(call, guard) || add_claim(call, guard, event, false);
}

bool hg_enter_acquire(struct hg_call *call, const struct hg_image_use *use)
{
	const struct hg_class *class = hg_class_at(call->slot, use->class_index);
	uint64_t value;
	if (!hg_read_handle(call, use, 0, class, &value))
		return true;
	/* The library acquires a handle of its own that we never met. */
	struct hg_guard *guard = call->internal ? hg_table_find(class, value) : hg_guard_of(call, class, value);
	if (!guard || accounted_for(call, guard))
		return true;
	struct hg_event event = hg_event_here(call, value);
	/* Before anything else: a release that comes meanwhile must not take itself for the last. */
	add_claim(call, guard, &event, use->sinks);
	return hg_enter_op(call, use);
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
	struct hg_held_list cut;
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
	if (use->frees == HG_USE_RELEASES && accounted_for(call, guard))
		return HG_SHARING_GOES_ON;
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
	struct hg_event free = hg_event_of_life(&guard->free, hg_word_generation(word));
	if (!(guard->class->flags & HG_CLASS_PER_OBJECT) || !free.ticks || free.flags || free.tid == call->context->tid)
		return;
	struct hg_held_list held;
	hg_claims_take(guard, hg_word_generation(word), call->context->serial, &held);
	if (held.count)
		hg_report_severed(guard, hg_word_generation(word), &free, &held, 0);
}
