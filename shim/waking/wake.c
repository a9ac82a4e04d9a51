#include "waking/wake.h"

#include "bind/images.h"
#include "bind/resolve.h"
#include "bind/slots.h"
#include "protocol/class.h"
#include "protocol/family.h"
#include "protocol/in_flight.h"
#include "thread/frames.h"
#include "thread/visit.h"

/* What the class of the handle says on which an op with this frame is parked. Null: nothing, or it does not park. */
static const struct hg_image_wake *wake_of(const struct hg_frame *frame, const struct hg_guard *guard)
{
	/* No trampoline's: an embedded guard's, or a free's. */
	if (!guard || frame->fp & 1 || frame->guard & HG_FRAME_FREE || !frame->slot)
		return NULL;
	const struct hg_slot *slot = (const struct hg_slot *)frame->slot;
	const struct hg_image *image = hg_image_of(slot);
	const struct hg_image_class *classes = HG_IMAGE_AT(image, image->classes, const struct hg_image_class);
	const struct hg_image_use *use = hg_uses_of(slot);
	for (uint32_t i = 0; i < slot->use_count; i++) {
		const struct hg_image_class *class = &classes[use[i].class_index];
		if (use[i].parks && class->wake && class->runtime == (uint64_t)guard->class)
			return HG_IMAGE_AT(image, image->wakes, const struct hg_image_wake) + class->wake - 1;
	}
	return NULL;
}

static struct hg_slot *slot_of(const struct hg_image_wake *wake, const struct hg_frame *frame)
{
	const struct hg_image *image = hg_image_of((const struct hg_slot *)frame->slot);
	return HG_IMAGE_AT(image, image->slots, struct hg_slot) + wake->slot;
}

/* The slot of the function that wakes an op with this frame. Null: none is said. */
static struct hg_slot *waker_of(const struct hg_frame *frame)
{
	const struct hg_image_wake *wake = wake_of(frame, hg_frame_guard(frame->guard));
	return wake ? slot_of(wake, frame) : NULL;
}

uint32_t hg_waker_symbol(const struct hg_holders *holders, const struct hg_context *freer, bool *any)
{
	*any = false;
	for (unsigned i = 0; i < holders->listed; i++) {
		const struct hg_slot *slot = holders->list[i].owner == freer ? NULL : waker_of(&holders->list[i].frame);
		*any = *any || slot;
		if (slot)
			return slot->symbol;
	}
	return UINT32_MAX;
}

/* --- what it is called with --- */

/* What the handle was made from, of this class. It must be in use for the call. */
static bool parent_value(const struct hg_image *image, uint32_t class_index, struct hg_guard *guard,
                         const struct hg_kept *kept, uint64_t *value)
{
	uint64_t class = HG_IMAGE_AT(image, image->classes, const struct hg_image_class)[class_index].runtime;
	for (int i = 0; i < HG_ANCESTORS && (guard = hg_family_parent(guard)); i++)
		if ((uint64_t)guard->class == class) {
			*value = guard->value;
			return hg_is_kept(kept, guard);
		}
	return false;
}

static bool fill_arguments(const struct hg_image_wake *description, const struct hg_image *image,
                           struct hg_guard *guard, struct hg_wake *wake)
{
	const struct hg_image_wake_argument *argument = description->arguments;
	for (uint32_t i = 0; i < HG_WAKE_ARGUMENTS; i++) {
		wake->arguments[i] = 0;
		if (i >= description->argument_count)
			continue;
		if (argument[i].what == HG_WAKE_HANDLE)
			wake->arguments[i] = guard->value;
		else if (argument[i].what == HG_WAKE_NUMBER)
			wake->arguments[i] = (uint64_t)argument[i].number;
		else if (!parent_value(image, argument[i].class_index, guard, &wake->kept, &wake->arguments[i]))
			return false;
	}
	return true;
}

/* Keeps what the call uses. The op is still in flight afterwards, so it is the lives that it uses. */
static bool make_ready(struct hg_guard *freed, uint64_t attempt, struct hg_frame *frame, const struct hg_frame *copy,
                       struct hg_wake *wake)
{
	struct hg_guard *guard = hg_frame_guard(copy->guard);
	const struct hg_image_wake *description = wake_of(copy, guard);
	wake->kept.count = 0;
	wake->slot = slot_of(description, copy);
	wake->caller = copy->caller;
	bool ready = hg_keep_draining(&wake->kept, freed, attempt) && hg_keep_family(&wake->kept, guard);
	struct hg_frame now = hg_frame_load(frame);
	ready = ready && now.guard == copy->guard && now.slot == copy->slot && now.fp == copy->fp;
	return ready && fill_arguments(description, hg_image_of(wake->slot), guard, wake);
}

/* --- who is parked --- */

struct search {
	struct hg_guard *guard;
	uint64_t attempt;
	const struct hg_context *freer;
	unsigned skip;
	struct hg_wake *wake;
	bool found, ready;
};

static bool look_at(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct search *search = argument;
	struct hg_frame copy = hg_frame_load(frame);
	if (owner == search->freer || !waker_of(&copy) || !hg_guard_entered_by(search->guard, &copy))
		return true;
	if (search->skip) {
		search->skip--;
		return true;
	}
	search->found = true;
	search->ready = make_ready(search->guard, search->attempt, frame, &copy, search->wake);
	return false;
}

bool hg_next_wake(struct hg_guard *guard, uint64_t attempt, const struct hg_context *freer, unsigned skip,
                  struct hg_wake *wake, bool *ready)
{
	struct search search = {.guard = guard, .attempt = attempt, .freer = freer, .skip = skip, .wake = wake};
	struct hg_visit visit = hg_visit_begin();
	hg_frames_each(look_at, &search);
	hg_visit_end(&visit);
	if (search.found && !search.ready)
		hg_keep_no_more(&wake->kept);
	*ready = search.ready;
	return search.found;
}

/* --- the call --- */

typedef uint64_t waker(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);

static void *real_of(const struct hg_wake *wake)
{
	void *real = __atomic_load_n(&wake->slot->real, __ATOMIC_ACQUIRE);
	if (real && hg_slot_is_certain(wake->slot))
		return real;
	struct hg_slot *named = hg_find_slot(HG_IMAGE_TEXT(hg_image_of(wake->slot), wake->slot->name));
	struct hg_slot *slot = named ? hg_resolve(named, (const void *)wake->caller) : NULL;
	return slot ? slot->real : NULL;
}

void hg_call_waker(const struct hg_wake *wake)
{
	const uint64_t *a = wake->arguments;
	void *real = real_of(wake);
	if (real)
		((waker *)real)(a[0], a[1], a[2], a[3], a[4], a[5]);
}
