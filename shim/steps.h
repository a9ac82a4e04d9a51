/* The steps of which a call's way through the slow path is made (enter_leave.c puts them in order). None touches a
 * vector register, calls libc or takes a lock; what must (findings, stacks) runs inside hg_preserving. */
#ifndef HG_STEPS_H
#define HG_STEPS_H

#include "call.h"

/* --- arguments.c --- */

static inline uint64_t hg_argument(const struct hg_call *call, unsigned index)
{
	if (index < HG_REGISTER_ARGUMENTS)
		return call->registers[index];
	return ((const uint64_t *)(call->fp + 16))[index - HG_REGISTER_ARGUMENTS];
}

/* Where the call returns to. */
static inline uint64_t hg_call_site(const struct hg_call *call)
{
	return ((const uint64_t *)call->fp)[1];
}

static inline const struct hg_class *hg_class_at(const struct hg_slot *slot, uint32_t index)
{
	const struct hg_image *image = hg_image_of(slot);
	return (const struct hg_class *)HG_IMAGE_AT(image, image->classes, struct hg_image_class)[index].runtime;
}

/* What the slot's function makes, `make_count` of them. */
static inline const struct hg_image_make *hg_makes_of(const struct hg_slot *slot)
{
	const struct hg_image *image = hg_image_of(slot);
	return HG_IMAGE_AT(image, image->makes, struct hg_image_make) + slot->first_make;
}

/* Whether the arguments say that a use or a make is meant. */
static inline bool hg_is_chosen(const struct hg_call *call, const struct hg_image_choice *choice)
{
	return !choice->argument || (int32_t)hg_argument(call, choice->argument - 1) == choice->value;
}

/* Whether a value names no handle. */
bool hg_names_none(const struct hg_class *class, uint64_t value);

/* How many handles a use can find in the arguments: one, or as many as an array has elements. */
uint32_t hg_handle_count(const struct hg_call *call, const struct hg_image_use *use);

/* The handle that a use finds in the arguments, by its number in an array. False if it names none. */
bool hg_read_handle(const struct hg_call *call, const struct hg_image_use *use, uint32_t number,
                    const struct hg_class *class, uint64_t *value);

/* The handle that a call has handed out. False if it has not. */
bool hg_read_made(const struct hg_call *call, const struct hg_image_make *make, const struct hg_class *class,
                  uint64_t *value);

/* --- ops.c --- */

static inline struct hg_frame hg_frame_of(const struct hg_call *call, uint64_t value)
{
	return (struct hg_frame){
	    .slot = (uint64_t)call->slot, .fp = call->fp, .value = value, .caller = hg_call_site(call)};
}

struct hg_event hg_event_here(struct hg_call *call, uint64_t value);

/* The guard of a handle that a call names; a value that nobody saw created begins its life here. Null: no memory. */
struct hg_guard *hg_guard_of(struct hg_call *call, const struct hg_class *class, uint64_t value);

/* A call that ends the handle when it returns, or may. It is no op in flight: where its library has handed the value
 * out again before it returns, it would be taken for one of the next life's. Its mark tells of it. False: the call is
 * to be turned away. */
bool hg_enter_ending(struct hg_call *call, struct hg_guard *guard);

/* For a free, and for a create, whose handle is not known yet (a call can be both), or a call of no handle: no drain
 * waits for it, but whoever is interested in calls in flight sees it. */
void hg_push_free_frame(struct hg_call *call, struct hg_guard *guard);
void hg_pop_free_frame(struct hg_call *call);
void hg_push_create_frame(struct hg_call *call);
void hg_pop_create_frame(struct hg_call *call);

/* Keeps what the call has entered until it leaves; what there is no room for is not kept in flight. Null: a visit. */
void hg_hold(struct hg_call *call, struct hg_guard *guard, struct hg_frame *frame);

/* False: the op is to be turned away. */
bool hg_enter_op(struct hg_call *call, const struct hg_image_use *use);
void hg_leave_ops(struct hg_call *call);

/* --- frees.c --- */

/* Runs the free's protocol. False: the real function is not to be called. */
bool hg_enter_free(struct hg_call *call, const struct hg_image_use *use);

/* What is to be done and counted once a life has been freed or leaked, by a free that means this for children. */
void hg_ended(struct hg_context *context, struct hg_guard *guard, uint32_t generation, enum hg_children children,
              enum hg_class_counter counter);

/* A handle was made from one that has gone, and took it along: so has all that goes with that one. */
void hg_end_stillborn(struct hg_context *context, struct hg_guard *guard);

/* Whether a function can refuse to free. */
bool hg_can_fail(const struct hg_slot *slot);

/* Whether it is the program that frees a child whose parent's free has begun. */
bool hg_is_orphan(struct hg_call *call, struct hg_guard *guard, struct hg_parting *parting);

/* Such a free would reach into what is gone: it is told and, unless only observed, given up. False: given up. */
bool hg_free_orphan(struct hg_call *call, struct hg_guard *guard, const struct hg_parting *parting);

/* After the real free (call->freeing), before what it handed out is looked at. */
void hg_settle_free(struct hg_call *call);

/* After everything else, for a handle that ends when the call returns (HG_USE_ENDS_LATER). */
void hg_end_handle(struct hg_call *call);

/* --- expected.c --- */

/* Whether a call that names a value whose last life is over (or that never had one) may mean a handle that a create in
 * flight is just making, and has let others know of before it returns: then that life has begun, and is to be entered.
 * `kind`: what it would be otherwise. */
bool hg_expect(struct hg_call *call, struct hg_guard *guard, enum hg_kind kind);

/* The flags of a first meeting: whether it may be of such a handle, and what that is made from (else left alone). */
uint32_t hg_expected_flags(struct hg_call *call, struct hg_guard *guard, struct hg_guard **parent);

/* A create has returned this value. True: its life has begun before, by such a call or by the library's own; and may
 * have ended too. */
bool hg_meet_expected(struct hg_call *call, struct hg_guard *guard, const struct hg_image_make *make,
                      const struct hg_event *event);

/* A create is over: what was taken for its handles, and was none, is told. */
void hg_settle_expected(struct hg_call *call);

/* --- making.c --- */

/* A create in flight. */
struct hg_making {
	uint64_t fp;             /* 0: none */
	uint64_t begun;          /* ticks */
	struct hg_guard *parent; /* what it makes the handle from; null: nothing that is known */
	bool elsewhere;          /* the call is not made inside it */
};

/* The create that may be making this value: one that the call is made inside of and that has the value on its stack, or
 * any that has stored it already; or, with `any`, one of another thread or coroutine that may not have got so far.
 * False: there is none. */
bool hg_find_making(const struct hg_call *call, const struct hg_class *class, uint64_t value, bool any,
                    struct hg_making *making);

/* The innermost create of the class that this call is made inside of, and that stands further out than this; null:
 * there is none. */
const struct hg_frame *hg_create_beyond(const struct hg_call *call, uint64_t fp, const struct hg_class *class);

/* Whether the call is one of a function that hands out handles of this class. */
bool hg_slot_makes(const struct hg_slot *slot, const struct hg_class *class);

/* Where a call stores the handle that it makes; 0: in its result. */
uint64_t hg_made_at(const struct hg_call *call);

/* Notes what stands there before the call is made. */
void hg_note_stored(struct hg_call *call);

/* --- left.c --- */

/* Whether the call is made inside the real free that ends this life: what the program's callbacks do to it there is the
 * library's to allow. Not so while that free still waits, nor by a signal handler, nor by a coroutine, nor if the life
 * had ended before. A handle's life is also ended by the free of one that it was made from, and of all. */
bool hg_inside_free(struct hg_call *call, struct hg_guard *guard);

/* Whether it is made inside the real free of another handle, which is just ending this one with it. */
bool hg_ending_around(struct hg_call *call, struct hg_guard *guard);

/* Inside the real free of a shared handle the program takes a claim on it, or gives one back. False: it is in none, or
 * has not taken it there. */
bool hg_claim_inside(struct hg_call *call, const struct hg_guard *guard, int step);

/* Whether the thread is in a call that stands there. */
bool hg_is_in_flight_at(const struct hg_context *context, uint64_t fp);

/* Gives up calls of this thread that were left without a return, above which this one stands on its stack. */
void hg_retire_left(struct hg_call *call);

/* The same for all of which a free of this guard would take it that this thread is inside them. */
void hg_retire_left_of(struct hg_call *call, const struct hg_guard *guard);

/* Gives up one call. */
void hg_retire(struct hg_context *context, struct hg_frame *frame);

/* --- enter_leave.c --- */

/* A forked child returns into a call of its parent's. False: there is nothing to leave: it has not come to know that it
 * is in it, or cannot know. */
bool hg_take_over(struct hg_call *call);

/* --- turn_away.c --- */

uint64_t hg_reject_value(const struct hg_slot *slot);

/* The bytes of an out-argument. */
uint64_t hg_zero_extent(const struct hg_call *call, const struct hg_image_zero *zero);

/* Gives up what the call has entered, and completes what its caller gets. */
enum hg_action hg_turn_away(struct hg_call *call);

/* --- shared.c --- */

/* A create has returned this value. True: it is live, and has one more claim; or another call will see to it. */
bool hg_join_handle(struct hg_call *call, struct hg_guard *guard, const struct hg_event *event);

/* A create is over: what its library has taken and dropped meanwhile was looked at. */
void hg_settle_taken(struct hg_call *call);

/* False: the call is to be turned away. */
bool hg_enter_acquire(struct hg_call *call, const struct hg_image_use *use);

enum hg_sharing {
	HG_SHARING_ENDS,     /* the handle is to be freed */
	HG_SHARING_GOES_ON,  /* claims are left, and the library is to hear of the one that is not */
	HG_SHARING_WITHHELD, /* others would have been cut off: the real function is not to be called */
	HG_SHARING_OVER      /* it had ended before */
};

/* What a free or release of a shared handle comes to, in this generation. `overtaken`: the life that it was for has
 * ended, and the value was handed out again before the library could hear of it. */
enum hg_sharing hg_drop_claims(struct hg_call *call, const struct hg_image_use *use, struct hg_guard *guard,
                               bool overtaken, uint32_t *generation);

/* A late op on a shared handle: says so if it comes from a holder that was cut off. */
void hg_note_late_holder(struct hg_call *call, struct hg_guard *guard);

/* --- creates.c --- */

/* A call that makes handles of a class that can be ended as a whole is an op on all of them: what it is making would be
 * ended too. */
void hg_enter_creates(struct hg_call *call);

struct hg_guard *hg_parent_of(const struct hg_call *call, const struct hg_image_make *make);

void hg_make_handle(struct hg_call *call, const struct hg_image_make *make);

#endif
