/* Which create in flight is just making a handle that a call names already. */
#include "around/making.h"

#include "arch/preserving.h"
#include "base/memory.h"
#include "base/sys.h"
#include "entry/arguments.h"
#include "entry/event_here.h"
#include "format/record.h"
#include "protocol/class.h"
#include "protocol/guard.h"
#include "protocol/handle_table.h"
#include "stack/stack.h"
#include "stack/standing.h"
#include "thread/frames.h"
#include "thread/thread.h"

static const struct hg_image_make *make_of(const struct hg_slot *slot, const struct hg_class *class)
{
	const struct hg_image_make *make = hg_makes_of(slot);
	for (uint32_t i = 0; i < slot->make_count; i++)
		if (hg_class_at(slot, make[i].class_index) == class)
			return &make[i];
	return NULL;
}

bool hg_slot_makes(const struct hg_slot *slot, const struct hg_class *class)
{
	return make_of(slot, class) != NULL;
}

/* The first that does not come with the result; null: there is none. */
static const struct hg_image_make *make_by_argument(const struct hg_slot *slot)
{
	const struct hg_image_make *make = hg_makes_of(slot);
	for (uint32_t i = 0; i < slot->make_count; i++)
		if (!make[i].from_return)
			return &make[i];
	return NULL;
}

/* Whether what the create is given is the handle, known before it is made; or it is always the same. */
static bool is_in_place(const struct hg_slot *slot)
{
	const struct hg_image_make *make = make_by_argument(slot);
	return make && (make->place.indirect == HG_DIRECT || make->place.indirect == HG_CONSTANT);
}

uint64_t hg_made_at(const struct hg_call *call)
{
	const struct hg_image_make *make = make_by_argument(call->slot);
	if (make && make->place.indirect == HG_CONSTANT)
		return make->place.offset;
	if (make && make->place.indirect == HG_JAVA_ARRAY)
		return 0;
	uint64_t at = make ? hg_argument(call, make->place.argument) : 0;
	return at ? at + make->place.offset : 0;
}

/* --- creates in flight --- */

/* A frame that a create has for itself names no guard. */
static bool is_create(const struct hg_frame *frame, const struct hg_class *class)
{
	return hg_frame_used(frame) && !hg_frame_guard(frame->guard) && !(frame->fp & 1) &&
	       hg_slot_makes((const struct hg_slot *)frame->slot, class);
}

/* What stands where a create stores its handle: as many bytes as a handle has. False: it cannot be read. */
static bool read_stored(uint64_t address, const struct hg_class *class, uint64_t *stored)
{
	const char *at = (const char *)address;
	size_t width = (64 - (size_t)__builtin_clzll(class->mask)) / 8;
	*stored = 0;
	if (!at || !hg_readable(at) || !hg_readable(at + width - 1))
		return false;
	hg_copy(stored, at, width);
	return true;
}

static const struct hg_class *class_made(const struct hg_slot *slot)
{
	return hg_class_at(slot, hg_makes_of(slot)->class_index);
}

void hg_note_stored(struct hg_call *call)
{
	uint64_t at = call->slot->make_count && !is_in_place(call->slot) ? hg_made_at(call) : 0;
	if (at)
		read_stored(at, class_made(call->slot), &call->stored_before);
}

/* Whether a create has stored this value already. */
static bool has_stored(const struct hg_frame *frame, const struct hg_class *class, uint64_t value)
{
	const struct hg_slot *slot = (const struct hg_slot *)frame->slot;
	const struct hg_image_make *make = make_by_argument(slot);
	if (is_in_place(slot))
		return (frame->caller_fp & class->mask) == value;
	uint32_t count = make && make->place.fixed ? make->place.count : 1;
	uint64_t stored;
	for (uint32_t i = 0; i < count; i++)
		if (read_stored(frame->caller_fp + (uint64_t)i * (make ? make->place.stride : 0), class, &stored) &&
		    (stored & class->mask) == value)
			return true;
	return false;
}

/* All general trampolines lay out their calls at the same distance from their frames. */
static const struct hg_call *call_of(const struct hg_call *call, const struct hg_frame *frame)
{
	return (const struct hg_call *)(frame->fp - (call->fp - (uint64_t)call));
}

struct search {
	const struct hg_call *call;
	const struct hg_class *class;
	uint64_t value;
	bool any; /* a create will do that has not stored anything yet */
	bool several;
	struct hg_making *found;
};

/* A create is in flight on what it makes the handle from: that op stands where it does. Null: it is from nothing. */
static struct hg_guard *parent_in(const struct hg_context *owner, const struct hg_frame *create,
                                  const struct hg_class *class)
{
	const struct hg_slot *slot = (const struct hg_slot *)create->slot;
	const struct hg_image_make *make = make_of(slot, class);
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(owner, frame));) {
		struct hg_frame copy = hg_frame_load(frame);
		struct hg_guard *guard = hg_frame_guard(copy.guard);
		if (guard && guard != guard->class->root && copy.fp == create->fp && copy.slot == create->slot &&
		    make->parent_class != HG_NONE && guard->class == hg_class_at(slot, make->parent_class))
			return guard;
	}
	return NULL;
}

static void found(struct hg_making *making, const struct hg_context *owner, const struct hg_frame *create,
                  const struct hg_class *class)
{
	*making =
	    (struct hg_making){.fp = create->fp, .begun = create->value, .parent = parent_in(owner, create, class)};
}

/* Of creates of its own thread too a call need not be made inside: a coroutine may be parked in one. */
static bool is_inside(const struct hg_call *call, const struct hg_context *owner, const struct hg_frame *create)
{
	struct hg_frame here = hg_frame_of(call, 0);
	return owner == call->context && hg_stands_inside(owner, &here, create);
}

static bool look(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct search *search = argument;
	struct hg_frame copy = hg_frame_load(frame);
	if (!is_create(&copy, search->class) || is_inside(search->call, owner, frame))
		return true;
	bool may_store = search->any && !is_in_place((const struct hg_slot *)copy.slot);
	if (!may_store && !has_stored(&copy, search->class, search->value))
		return true;
	search->several = search->found->fp;
	if (!search->several)
		found(search->found, owner, &copy, search->class);
	search->found->elsewhere = true;
	return may_store && !search->several;
}

const struct hg_frame *hg_create_beyond(const struct hg_call *call, uint64_t fp, const struct hg_class *class)
{
	struct hg_frame here = hg_frame_of(call, 0);
	const struct hg_frame *nearest = NULL;
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(call->context, frame));)
		if (frame->fp > fp && is_create(frame, class) && (!nearest || frame->fp < nearest->fp) &&
		    hg_stands_inside(call->context, &here, frame))
			nearest = frame;
	return nearest;
}

struct holding {
	const struct hg_call *call;
	const struct hg_frame *create;
	uint64_t value;
	bool holds;
};

/* How far in the create's own functions reach: to the next guarded call inside it. */
static uint64_t innermost_of(const struct hg_call *call, const struct hg_frame *create)
{
	uint64_t nearest = call->fp;
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(call->context, frame));)
		if (hg_frame_used(frame) && frame->fp > nearest && frame->fp < create->fp)
			nearest = frame->fp;
	return nearest;
}

/* The function that makes the handle has it in a register or on its stack while it calls back. Where that cannot be
 * seen it is taken to have. */
static void look_at_stack(void *argument)
{
	struct holding *holding = argument;
	const struct hg_slot *slot = (const struct hg_slot *)holding->create->slot;
	struct hg_span code = {slot->library_low, slot->library_low + slot->library_size};
	struct hg_span stack = {innermost_of(holding->call, holding->create), holding->create->fp};
	bool lost;
	holding->holds = hg_stack_has_value(holding->value, code, stack, &lost) || lost;
}

/* What the create has stored is the handle; before that it can only be seen on the stack. Many store null first. */
__attribute__((noinline)) static void look_for(struct holding *holding, const struct hg_class *class)
{
	uint64_t stored;
	bool in_place = is_in_place((const struct hg_slot *)holding->create->slot);
	bool stores = !in_place && read_stored(holding->create->caller_fp, class, &stored) &&
	              !hg_names_none(class, stored & class->mask) &&
	              stored != call_of(holding->call, holding->create)->stored_before;
	holding->holds = has_stored(holding->create, class, holding->value);
	if (!holding->holds && !stores && !in_place)
		hg_preserving(look_at_stack, holding);
}

bool hg_find_making(const struct hg_call *call, const struct hg_class *class, uint64_t value, bool any,
                    struct hg_making *making)
{
	struct holding holding = {.call = call, .create = hg_create_beyond(call, call->fp, class), .value = value};
	struct search search = {.call = call, .class = class, .value = value, .found = making};
	*making = (struct hg_making){.fp = 0};
	while (holding.create && !holding.holds) {
		look_for(&holding, class);
		if (!holding.holds)
			holding.create = hg_create_beyond(call, holding.create->fp, class);
	}
	if (holding.create)
		found(making, call->context, holding.create, class);
	else
		hg_frames_each(look, &search);
	search.any = any && !making->fp;
	if (search.any)
		hg_frames_each(look, &search);
	/* Of those that may come to it yet none is better than another: what it is made from is not known. */
	if (search.several)
		making->parent = NULL;
	return making->fp;
}

struct hg_guard *hg_parent_of(const struct hg_call *call, const struct hg_image_make *make)
{
	if (make->parent_class == HG_NONE)
		return NULL;
	const struct hg_class *class = hg_class_at(call->slot, make->parent_class);
	uint64_t value = make->parent_constant ? make->parent_value : hg_argument(call, make->parent_argument);
	return hg_table_find(class, value & class->mask);
}
