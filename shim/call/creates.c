/* Creates: a call hands out a handle, whose value begins a new life. */
#include "call/creates.h"

#include "around/ended.h"
#include "around/entered.h"
#include "around/expected.h"
#include "around/making.h"
#include "base/counters.h"
#include "base/options.h"
#include "bind/slots.h"
#include "call/named.h"
#include "call/owner.h"
#include "call/shared.h"
#include "entry/arguments.h"
#include "entry/event_here.h"
#include "finding/limit.h"
#include "finding/race.h"
#include "format/record.h"
#include "protocol/claims.h"
#include "protocol/class.h"
#include "protocol/family.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "protocol/life.h"
#include "protocol/tables.h"
#include "thread/event.h"
#include "thread/frames.h"
#include "thread/thread.h"

static bool can_refuse(const struct hg_slot *slot, const struct hg_image_use *use)
{
	const struct hg_class *class = hg_class_at(slot, use->class_index);
	return hg_children_can(class, (enum hg_children)use->children, HG_CHILDREN_REFUSED);
}

/* Also what may refuse to free, and turned out to have done so after all. */
static bool ends_later(const struct hg_slot *slot)
{
	const struct hg_image_use *use = hg_uses_of(slot);
	for (uint32_t i = 0; i < slot->use_count; i++)
		if (use[i].frees == HG_USE_ENDS_LATER || (hg_use_ends(&use[i]) && can_refuse(slot, &use[i])))
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

/* Begins a life. False: the handle is one that other calls can be handed too, and has one more claim instead. */
static bool begin_life(struct hg_call *call, struct hg_guard *guard, const struct hg_event *event,
                       struct hg_guard *parent, enum hg_birth *birth)
{
	if (!(guard->class->flags & HG_CLASS_JOINED)) {
		*birth = hg_guard_create(guard, call->context, event, parent);
		return true;
	}
	/* Each round more is another thread's, which has begun the next life meanwhile. */
	for (;;) {
		uint32_t generation = hg_guard_generation(guard);
		if (hg_join_handle(call, guard, event))
			return false;
		if (hg_guard_create_next(guard, call->context, event, parent, generation, birth))
			return true;
	}
}

/* Whether it is this thread that is just ending all: in a callback of that, or a signal handler. */
static bool ends_all(const struct hg_context *context, const struct hg_guard *root)
{
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(context, frame));)
		if (hg_frame_guard(frame->guard) == root && frame->guard & HG_FRAME_FREE)
			return true;
	return false;
}

/* What is made from now on is new to all: nobody waits for the same call again. */
static void stop_waiting(struct hg_context *context, struct hg_guard *root)
{
	hg_count(HG_COUNTER_CLEAN_UP_ENDLESS);
	hg_ended(context, root, hg_guard_generation(root), HG_CHILDREN_ENDED, HG_CLASS_FREED);
}

static void enter_all(struct hg_call *call, struct hg_guard *root)
{
	struct hg_frame frame = hg_frame_of(call, 0);
	for (;;) {
		struct hg_frame *in = NULL;
		enum hg_entry entry = hg_guard_enter(root, call->context, &frame, HG_ENTER_WHILE_FREEING, &in);
		if (entry == HG_ENTERED || entry == HG_ENTERED_FRAMELESS) {
			hg_note_entered(call, root, in);
			return;
		}
		/* Whether the library will have made the handle before it ends all of them nobody could tell. */
		if (hg_options.mode == HG_MODE_OBSERVE || ends_all(call->context, root))
			return;
		if (!hg_guard_await_renewal(root))
			stop_waiting(call->context, root);
	}
}

void hg_enter_creates(struct hg_call *call)
{
	const struct hg_image_make *make = hg_makes_of(call->slot);
	for (uint32_t i = 0; i < call->slot->make_count && !call->internal; i++) {
		struct hg_guard *root = hg_class_at(call->slot, make[i].class_index)->root;
		if (root && hg_is_chosen(call, &make[i].choice))
			enter_all(call, root);
	}
}

/* Whether the call was given this handle, and hands it back: it may fill one that its caller has, or make one. Where a
 * create hands out what there is, that is one more claim. */
static bool hands_back(const struct hg_call *call, const struct hg_guard *guard)
{
	for (unsigned i = 0; i < call->entered_count; i++)
		if (call->entered[i].guard == guard && call->entered[i].frame != HG_ENTERED_AS_ANCESTOR)
			return hg_guard_lives(guard) && !(guard->class->flags & HG_CLASS_JOINED);
	return false;
}

/* A create can say what the end of its handle will mean for those that are made from it. */
static void say_of_children(const struct hg_image_make *make, struct hg_guard *guard)
{
	if (make->children && guard->class->flags & HG_CLASS_PARENT)
		hg_family_say(guard, hg_guard_generation(guard), (enum hg_children)(make->children - 1));
}

/* When what this call has made was made. To ask for the time takes longer than most of what is done here, so a create
 * has one time, that of its beginning; unless that was in the process that this one was forked from, or the order in
 * which a handle was handed out tells who has it. */
static uint64_t time_of_create(const struct hg_call *call, const struct hg_class *class)
{
	bool ordered = class->flags & (HG_CLASS_SHARED | HG_CLASS_JOINED);
	return ordered || hg_event_inherited(&(struct hg_event){.ticks = call->begun}) ? hg_ticks() : call->begun;
}

static void make_one(struct hg_call *call, const struct hg_image_make *make, const struct hg_class *class,
                     uint64_t value)
{
	struct hg_guard *guard = hg_guard_obtain(call, class, value);
	if (!guard || hands_back(call, guard))
		return;
	struct hg_event event = hg_event_at(call, value, time_of_create(call, class));
	struct hg_event previous = hg_event_load(&guard->create);
	if (hg_meet_expected(call, guard, make, &event)) {
		say_of_children(make, guard);
		if (hg_family_has(guard))
			hg_end_stillborn(call->context, guard);
		return;
	}
	if (hg_family_has(guard))
		hg_end_last_family(call->context, guard);
	bool joined = class->flags & HG_CLASS_JOINED;
	bool leaked = atomic_load(&guard->word) & HG_WORD_LEAKED;
	/* Asked before the new life begins: the call that ends the old one may be gone after it. */
	bool ended = hg_guard_lives(guard) && being_ended(guard);
	/* In a child where the library has begun anew, it gives out again what its parent has still. */
	bool parents = hg_is_inherited(call, guard);
	enum hg_birth birth;
	if (!begin_life(call, guard, &event, hg_parent_of(call, make), &birth))
		return;
	say_of_children(make, guard);
	bool reclaimed = birth == HG_RECLAIMED, unseen = birth != HG_BORN && !reclaimed && !ended;
	/* A handle is live though nobody can join it while its last holder is just about to free it. */
	if (unseen && birth == HG_REBORN && !joined && !parents && !previous.flags && !event.flags)
		hg_report_reborn(guard, &event, &previous);
	/* The last life has ended, though nobody saw how; or its free was still to come, and never will. */
	if ((unseen || reclaimed) && !parents && !(previous.flags & HG_EVENT_INTERNAL))
		hg_count_class(call->context, class, reclaimed ? HG_CLASS_LEAKED : HG_CLASS_FREED);
	if (!call->internal)
		hg_count_class(call->context, class, HG_CLASS_CREATED);
	if (hg_family_has(guard))
		hg_end_stillborn(call->context, guard);
	if (make->floating)
		hg_claims_float(guard, hg_guard_generation(guard));
	/* One that was leaked, or ended unseen, has never gone. */
	if (!unseen && !leaked && !reclaimed)
		hg_limit_came(guard, &event);
}

static bool is_in_place(const struct hg_image_make *make, const struct hg_class *class)
{
	return class->flags & HG_CLASS_IN_PLACE && !make->from_return && !make->place.indirect;
}

/* Whether one of the library's functions fills by another of them what the program gave it: the outer one makes it. */
static bool is_made_outside(const struct hg_call *call, const struct hg_class *class, uint64_t value)
{
	struct hg_making making;
	return call->internal && hg_find_making(call, class, value, false, &making) && !making.elsewhere;
}

/* A create in memory of the program's has failed: what the last one made there had ended, but what is there now is
 * another thing, which many programs end all the same. */
static void forget_last(const struct hg_call *call, const struct hg_image_make *make, const struct hg_class *class)
{
	if (!is_in_place(make, class) || !hg_is_chosen(call, &make->choice) ||
	    hg_condition_holds(&make->when, call->result[0]))
		return;
	struct hg_guard *guard = hg_table_find(class, hg_argument(call, make->place.argument) & class->mask);
	if (guard)
		hg_guard_forget(guard);
}

void hg_make_handles(struct hg_call *call, const struct hg_image_make *make)
{
	const struct hg_class *class = hg_class_at(call->slot, make->class_index);
	uint64_t value;
	forget_last(call, make, class);
	for (uint32_t i = 0; i < hg_made_count(call, make); i++)
		if (hg_read_made(call, make, i, class, &value) &&
		    !(is_in_place(make, class) && is_made_outside(call, class, value)))
			make_one(call, make, class, value);
}
