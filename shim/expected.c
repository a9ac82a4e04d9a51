/* Handles that are known before their create returns: it calls back with the new handle, or has stored it where others
 * look. What they do with it belongs to the life that the create begins, though its value may have been another's,
 * which is dead. Whether it is that value, only the create's return tells; where it is not, the use was late after all,
 * and is told then. */
#include "steps.h"

bool hg_slot_makes(const struct hg_slot *slot, const struct hg_class *class)
{
	const struct hg_image *image = hg_image_of(slot);
	const struct hg_image_make *make = HG_IMAGE_AT(image, image->makes, struct hg_image_make) + slot->first_make;
	for (uint32_t i = 0; i < slot->make_count; i++)
		if (hg_class_at(slot, make[i].class_index) == class)
			return true;
	return false;
}

uint64_t hg_made_at(const struct hg_call *call)
{
	const struct hg_image *image = hg_image_of(call->slot);
	const struct hg_image_make *make =
	    HG_IMAGE_AT(image, image->makes, struct hg_image_make) + call->slot->first_make;
	for (uint32_t i = 0; i < call->slot->make_count; i++)
		if (!make[i].from_return)
			return hg_argument(call, make[i].argument);
	return 0;
}

/* --- creates in flight --- */

/* A frame that a create has for itself names no guard. */
static bool is_create(const struct hg_frame *frame, const struct hg_class *class)
{
	return hg_frame_used(frame) && !hg_frame_guard(frame->guard) && !(frame->fp & 1) &&
	       hg_slot_makes((const struct hg_slot *)frame->slot, class);
}

/* Whether a create has stored this value already. */
static bool has_stored(const struct hg_frame *frame, const struct hg_class *class, uint64_t value)
{
	const char *at = (const char *)frame->caller_fp;
	uint64_t stored = 0;
	size_t width = (64 - (size_t)__builtin_clzll(class->mask)) / 8;
	if (!at || !hg_readable(at) || !hg_readable(at + width - 1))
		return false;
	hg_copy(&stored, at, width);
	return (stored & class->mask) == value;
}

struct search {
	const struct hg_context *self; /* whose creates that have not stored anything do not count */
	const struct hg_class *class;
	uint64_t value;
	bool any; /* a create will do that has not stored anything yet */
	bool found;
};

static bool look(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct search *search = argument;
	struct hg_frame copy = hg_frame_load(frame);
	bool any = search->any && owner != search->self;
	search->found = is_create(&copy, search->class) && (any || has_stored(&copy, search->class, search->value));
	return !search->found;
}

static bool in_flight(const struct hg_call *call, const struct hg_class *class, uint64_t value, bool any)
{
	struct search search = {.self = call->context, .class = class, .value = value, .any = any};
	hg_frames_each(look, &search);
	return search.found;
}

/* The innermost create of the class that this call is made inside of, and that stands further out than this; null:
 * there is none. */
static const struct hg_frame *create_beyond(const struct hg_call *call, uint64_t fp, const struct hg_class *class)
{
	struct hg_frame here = hg_frame_of(call, 0);
	const struct hg_frame *nearest = NULL;
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(call->context, frame));)
		if (frame->fp > fp && is_create(frame, class) && (!nearest || frame->fp < nearest->fp) &&
		    hg_standing(call->context, &here, frame) == HG_STANDING_INSIDE)
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

/* The create that may be making this value; null: none does. */
static const struct hg_frame *making(const struct hg_call *call, const struct hg_class *class, uint64_t value)
{
	struct holding holding = {.call = call, .create = create_beyond(call, call->fp, class), .value = value};
	while (holding.create && !holding.holds) {
		hg_preserving(look_at_stack, &holding);
		if (!holding.holds)
			holding.create = create_beyond(call, holding.create->fp, class);
	}
	return holding.create;
}

static bool note_running(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct search *search = argument;
	uint64_t held = __atomic_load_n(&frame->guard, __ATOMIC_ACQUIRE);
	const struct hg_guard *guard = held & HG_FRAME_RUNS ? hg_frame_guard(held) : NULL;
	(void)owner;
	search->found = guard && guard->class == search->class && guard->value == search->value;
	return !search->found;
}

/* As long as the real free runs, nobody can be handed the value anew. */
static bool is_being_freed(const struct hg_guard *guard)
{
	struct search search = {.class = guard->class, .value = guard->value};
	hg_frames_each(note_running, &search);
	return search.found;
}

/* --- lives that begin before their create returns --- */

static void note(struct hg_call *call, const struct hg_expected *expected)
{
	struct hg_context *context = call->context;
	if (context->expected_count == HG_EXPECTED_MOST)
		hg_count(HG_COUNTER_EXPECTED_FULL);
	else
		context->expected[context->expected_count++] = *expected;
}

uint32_t hg_expected_flags(struct hg_call *call, struct hg_guard *guard)
{
	if (call->internal)
		return 0;
	const struct hg_frame *create = making(call, guard->class, guard->value);
	if (!create)
		return in_flight(call, guard->class, guard->value, true) ? HG_EVENT_EXPECTED | HG_EVENT_ELSEWHERE : 0;
	note(call, &(struct hg_expected){.fp = create->fp,
	                                 .guard = guard,
	                                 .generation = 1,
	                                 .kind = guard->class->flags & HG_CLASS_CLOSED ? HG_KIND_STRAY : 0});
	return HG_EVENT_EXPECTED;
}

/* Whether the last life is the one that the create makes, and it has ended already. */
static bool is_over(const struct hg_event *begun, const struct hg_frame *create)
{
	return begun->flags & HG_EVENT_EXPECTED && (!create || begun->ticks >= create->value);
}

bool hg_expect(struct hg_call *call, struct hg_guard *guard, enum hg_kind kind)
{
	uint64_t word = atomic_load(&guard->word);
	if (call->internal || !(word & HG_WORD_FREED))
		return false;
	const struct hg_frame *create = making(call, guard->class, guard->value);
	struct hg_expected expected = {.fp = create ? create->fp : 0,
	                               .guard = guard,
	                               .generation = hg_word_generation(word) + 1,
	                               .kind = kind,
	                               .create = hg_event_load(&guard->create),
	                               .free = hg_event_of_life(&guard->free, hg_word_generation(word))};
	if ((!create && !in_flight(call, guard->class, guard->value, false)) || is_being_freed(guard) ||
	    is_over(&expected.create, create))
		return false;
	expected.first = hg_event_here(call, guard->value);
	struct hg_event event = expected.first;
	event.flags |= HG_EVENT_ADOPTED | HG_EVENT_EXPECTED | (create ? 0 : HG_EVENT_ELSEWHERE);
	if (!hg_guard_adopt(guard, hg_word_generation(word), &event))
		return hg_guard_lives(guard);
	hg_count_class(call->context, guard->class, HG_CLASS_ADOPTED);
	hg_limit_came(guard, &event);
	if (create)
		note(call, &expected);
	return true;
}

/* --- the create's return --- */

/* Whether the value's last life began within this call, as that of its handle. */
static bool is_ours(const struct hg_call *call, const struct hg_guard *guard, const struct hg_event *begun)
{
	bool mine = begun->tid == call->context->tid || begun->flags & HG_EVENT_ELSEWHERE;
	if (!mine || !begun->ticks || begun->ticks < call->begun)
		return false;
	/* One that the library made and freed again, before it made this one in its place, is another. */
	if (!hg_guard_lives(guard))
		return begun->flags & (HG_EVENT_EXPECTED | HG_EVENT_INTERNAL) &&
		       !(hg_guard_end(guard).flags & HG_EVENT_INTERNAL);
	return begun->flags & (HG_EVENT_EXPECTED | HG_EVENT_INTERNAL) || !(begun->flags & HG_EVENT_ADOPTED);
}

static void forget(struct hg_context *context, const struct hg_guard *guard)
{
	for (unsigned i = 0; i < context->expected_count;)
		if (context->expected[i].guard == guard)
			context->expected[i] = context->expected[--context->expected_count];
		else
			i++;
}

bool hg_meet_expected(struct hg_call *call, struct hg_guard *guard, const struct hg_image_make *make,
                      const struct hg_event *event)
{
	struct hg_event begun = hg_event_load(&guard->create), real = *event;
	if (call->internal || !is_ours(call, guard, &begun))
		return false;
	/* Whatever was done with it came after. */
	real.ticks = call->begun;
	hg_guard_explain(guard, &real, hg_parent_of(call, make));
	if (begun.flags)
		hg_count_class(call->context, guard->class, HG_CLASS_CREATED);
	if (begun.flags & HG_EVENT_ADOPTED)
		hg_uncount_class(call->context, guard->class, HG_CLASS_ADOPTED);
	else if (begun.flags && !hg_guard_lives(guard))
		hg_count_class(call->context, guard->class, HG_CLASS_FREED);
	forget(call->context, guard);
	return true;
}

static void take_back(struct hg_call *call, const struct hg_guard *guard)
{
	hg_limit_went(guard->class);
	hg_uncount_class(call->context, guard->class, HG_CLASS_ADOPTED);
}

/* It was a first meeting, of a handle that was created unseen. */
static void tell_met(const struct hg_expected *expected)
{
	struct hg_event begun = hg_event_load(&expected->guard->create);
	begun.flags &= ~(uint32_t)HG_EVENT_EXPECTED;
	hg_event_store(&expected->guard->create, &begun, expected->generation);
	if (expected->kind)
		hg_report_call((enum hg_kind)expected->kind, expected->guard, &begun);
}

/* Takes the life that was begun for nothing back, and says what the use was. */
static void tell(struct hg_call *call, const struct hg_expected *expected)
{
	struct hg_guard *guard = expected->guard;
	bool lived = hg_guard_lives(guard);
	if (hg_word_generation(atomic_load(&guard->word)) != expected->generation)
		return;
	if (!expected->first.ticks) {
		tell_met(expected);
		return;
	}
	if (lived && !hg_guard_give_up(guard, &expected->free))
		return;
	hg_event_store(&guard->create, &expected->create, expected->generation);
	hg_event_store(&guard->free, &expected->free, expected->generation);
	if (lived)
		take_back(call, guard);
	hg_report_call((enum hg_kind)expected->kind, guard, &expected->first);
}

/* A create that fails may have made it all the same, and given it up. */
static bool has_made(struct hg_call *call, const struct hg_class *class)
{
	const struct hg_image *image = hg_image_of(call->slot);
	const struct hg_image_make *make =
	    HG_IMAGE_AT(image, image->makes, struct hg_image_make) + call->slot->first_make;
	uint64_t value;
	for (uint32_t i = 0; i < call->slot->make_count; i++)
		if (hg_class_at(call->slot, make[i].class_index) == class &&
		    hg_read_made(call, &make[i], class, &value))
			return true;
	return false;
}

static void settle(struct hg_call *call, const struct hg_expected *expected)
{
	const struct hg_class *class = expected->guard->class;
	struct hg_expected again = *expected;
	const struct hg_frame *around = create_beyond(call, call->fp, class);
	again.fp = around ? around->fp : 0;
	if (around)
		note(call, &again);
	else if (has_made(call, class) || !expected->first.ticks)
		tell(call, expected);
	else if (hg_guard_lives(expected->guard) && hg_guard_give_up(expected->guard, &expected->first))
		take_back(call, expected->guard);
}

void hg_settle_expected(struct hg_call *call)
{
	struct hg_context *context = call->context;
	for (unsigned i = 0; i < context->expected_count;) {
		struct hg_expected expected = context->expected[i];
		/* What lies further in was left by force. */
		if (expected.fp > call->fp) {
			i++;
			continue;
		}
		context->expected[i] = context->expected[--context->expected_count];
		settle(call, &expected);
	}
}
