/* Creates: a call hands out a handle, whose value begins a new life. */
#include "steps.h"

static struct hg_guard *parent_of(const struct hg_call *call, const struct hg_image_make *make)
{
	if (make->parent_class == HG_NONE)
		return NULL;
	const struct hg_class *class = hg_class_at(call->slot, make->parent_class);
	return hg_table_find(class, hg_argument(call, make->parent_argument) & class->mask);
}

/* Also what may refuse to free, and turned out to have done so after all. */
static bool ends_later(const struct hg_slot *slot)
{
	const struct hg_image *image = hg_image_of(slot);
	const struct hg_image_use *use = HG_IMAGE_AT(image, image->uses, struct hg_image_use) + slot->first_use;
	for (uint32_t i = 0; i < slot->use_count; i++)
		if (use[i].frees == HG_USE_ENDS_LATER || (use[i].frees && use[i].children == HG_CHILDREN_REFUSED))
			return true;
	return false;
}

struct ending {
	const struct hg_guard *guard;
	bool found;
};

static bool find_ending(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct ending *what = argument;
	(void)owner;
	uint64_t held = frame->guard;
	what->found = held & HG_FRAME_FREE && hg_frame_guard(held) == what->guard &&
	              ends_later((const struct hg_slot *)frame->slot);
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

void hg_make_handle(struct hg_call *call, const struct hg_image_make *make)
{
	const struct hg_class *class = hg_class_at(call->slot, make->class_index);
	uint64_t value;
	if (!hg_read_made(call, make, class, &value))
		return;
	struct hg_guard *guard = hg_table_obtain(class, value);
	if (!guard) {
		hg_count(HG_COUNTER_MEMORY_REFUSED);
		return;
	}
	struct hg_event event = hg_event_here(call, value), previous = hg_event_load(&guard->create);
	/* Asked before the new life begins: the call that ends the old one may be gone after it. */
	bool ended = hg_guard_lives(guard) && being_ended(guard);
	enum hg_birth birth = hg_guard_create(guard, call->context, &event, parent_of(call, make));
	bool unseen = birth != HG_BORN && !ended;
	if (unseen && birth == HG_REBORN && !previous.flags && !event.flags)
		hg_report_reborn(guard, &event, &previous);
	/* The last life has ended, though nobody saw how. */
	if (unseen && !(previous.flags & HG_EVENT_INTERNAL))
		hg_count_class(call->context, class, HG_CLASS_FREED);
	if (!call->internal)
		hg_count_class(call->context, class, HG_CLASS_CREATED);
}
