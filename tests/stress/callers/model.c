#include <stddef.h>

#include "casks.h"
#include "questions.h"

const struct function_facts functions[FUNCTION_COUNT] = {
#define FUNCTION(name, function, role, subject, makes, calls_back) {#function, role, subject, makes, calls_back},
    FUNCTIONS
#undef FUNCTION
};

const char *const feature_names[FEATURE_COUNT] = {
#define FEATURE(name, text) text,
    FEATURES
#undef FEATURE
};

static void expect(struct model *model, enum finding kind, int place)
{
	if (model->expected_count == EXPECTED) {
		model->illegal = true;
		return;
	}
	model->expected[model->expected_count++] =
	    (struct expected){(uint8_t)kind, (uint8_t)place, model->places[place].number};
}

/* --- the end of a call --- */

static void end_life(struct model *model, int place)
{
	model->places[place].life = DEAD;
	for (int tap = 0; class_at(place) == CASK && tap < PLACES; tap++)
		if (model_is_below(model, tap, place))
			model->places[tap].life = DEAD;
}

static struct frame *push(struct model *model, int strand, enum kind kind)
{
	struct strand *on = &model->strands[strand];
	if (on->depth == FRAMES) {
		model->illegal = true;
		return top_of(on);
	}
	struct frame *frame = &on->frames[on->depth++];
	*frame = (struct frame){.kind = (uint8_t)kind,
	                        .thread = (uint8_t)on->thread,
	                        .call = {.subject = NOBODY, .makes = NOBODY, .notify.victim = NOBODY}};
	return frame;
}

void model_push(struct model *model, int strand, enum kind kind)
{
	push(model, strand, kind);
}

static void run_deferred(struct model *model, int strand, int place)
{
	static const uint8_t frees[CLASSES] = {CASK_FREE, TAP_FREE, CUP_UNREF};
	int16_t result = model->strands[strand].result;
	struct frame *frame = push(model, strand, CALLING);
	frame->call.function = frees[class_at(place)];
	frame->call.subject = (int8_t)place;
	frame->phase = ENTERED;
	frame->ends_life = frame->deferred = true;
	frame->result = result;
}

static void wake(struct model *model, int place)
{
	for (int i = 0; i < STRANDS; i++) {
		struct strand *strand = &model->strands[i];
		struct frame *top = strand->exists && strand->depth ? top_of(strand) : NULL;
		if (top && top->kind == CALLING && top->phase == WAITS && top->call.subject == place) {
			top->phase = ENTERED;
			model->woken[model->woken_count++] = (uint8_t)strand->thread;
		}
	}
}

/* A call that was in flight on a handle, and on what that was made from, is not any more. */
static void left(struct model *model, int strand, int at)
{
	for (; at != NOBODY; at = model_parent_of(model, at) ? model->places[at].parent : NOBODY) {
		struct place *place = &model->places[at];
		if (place->life != FREEING || model_is_in_flight(model, at))
			continue;
		place->life = RUNNING;
		if (place->deferred)
			run_deferred(model, strand, at);
		else
			wake(model, at);
		place->deferred = false;
	}
}

/* The library has waited until it was alone. */
static void finish(struct model *model, int place)
{
	model->illegal |= model->places[place].life != LIVE || model_is_in_flight(model, place);
	end_life(model, place);
}

static bool returns_freed(enum role role)
{
	return role == FREES || role == RELEASES || role == FINISHES;
}

static void pop_call(struct model *model, int strand)
{
	struct strand *on = &model->strands[strand];
	struct frame frame = *top_of(on);
	on->depth--;
	if (frame.deferred)
		on->result = frame.result;
	else if (frame.call.function != CASK_EACH)
		on->result = returns_freed(facts_of(&frame)->role) ? CASKS_FREED : 1;
	if (frame.deferred && model->places[frame.call.subject].late)
		expect(model, FREED_LATE, frame.call.subject);
	if (frame.ends_life)
		end_life(model, frame.call.subject);
	if (frame.finishes)
		finish(model, frame.call.subject);
	if (frame.call.subject != NOBODY && !frame.passes)
		left(model, strand, frame.call.subject);
}

/* --- the beginning of a call --- */

static void turn_away(struct model *model, int strand, int result)
{
	model->strands[strand].depth--;
	model->strands[strand].result = (int16_t)result;
}

static void begin_life(struct model *model, const struct call *call)
{
	struct place *place = &model->places[call->makes];
	if (!model_is_free(model, call->makes) && place->life != UNMADE && place->life != DEAD)
		model->illegal = true;
	*place = (struct place){.life = LIVE,
	                        .parent = class_at(call->makes) == TAP ? call->subject : NOBODY,
	                        .number = (uint16_t)(place->number + 1),
	                        .parent_number = call->subject == NOBODY ? 0 : model->places[call->subject].number,
	                        .refs = 1};
	place->notify.victim = NOBODY;
	if (call->function == CUP_WRAP)
		place->notify = call->notify;
	model->made[class_at(call->makes)]++;
}

static void begin_create(struct model *model, struct frame *frame)
{
	const struct call *call = &frame->call;
	struct place *inner = call->subject == NOBODY ? NULL : &model->places[call->subject];
	begin_life(model, call);
	frame->phase = ENTERED;
	if (!inner)
		return;
	bool consumes = call->function == CUP_NEXT;
	if (inner->life != LIVE || call->subject == call->makes ||
	    (consumes && (model_is_in_flight(model, call->subject) || inner->notify.how)))
		model->illegal = true;
	inner->refs = (uint16_t)(inner->refs + (consumes ? -1 : 1));
	if (!inner->refs)
		end_life(model, call->subject);
}

/* A destroy callback takes a reference to what is going, or gives one back. Whether it has taken what it gives, a
 * thread knows of its own frees, for which it has room in the recording. False: it has not. */
static bool refer_inside(struct model *model, int strand, int place, int step)
{
	enum { ROOM_IN_RECORDING = 30 };
	struct place *it = &model->places[place];
	const struct frame *free = model_free_around(&model->strands[strand], place);
	if (!free)
		return false;
	model->illegal |=
	    free->thread != model->strands[strand].thread || model_depth_of(model, free->thread) > ROOM_IN_RECORDING;
	if (step < 0 && !it->refs_inside)
		return false;
	it->refs_inside = (uint16_t)(it->refs_inside + step);
	model->happened[F_HELD_INSIDE]++;
	return true;
}

static void begin_op(struct model *model, int strand, struct frame *frame)
{
	const struct call *call = &frame->call;
	struct place *place = &model->places[call->subject], *parent = model_parent_of(model, call->subject);
	bool late = place->life != LIVE || (parent && parent->life != LIVE);
	frame->phase = ENTERED;
	model->illegal |= model_is_doubtful(model, strand, call->subject) || place->life == UNMADE;
	if (call->makes != NOBODY || is_on_end(call->function) || strand >= THREADS)
		model->illegal |= model_is_finished(model, call->subject);
	if (late && model_is_inside(model, &model->strands[strand], call->subject)) {
		frame->passes = true;
		if (facts_of(frame)->role == ACQUIRES)
			refer_inside(model, strand, call->subject, 1);
		model->illegal |= call->makes != NOBODY;
	} else if (late) {
		expect(model, LATE_OP, call->subject);
		model->illegal |= model->observes && call->makes != NOBODY;
		if (!model->observes) {
			turn_away(model, strand, CASKS_REJECTED);
			return;
		}
	} else if (call->makes != NOBODY)
		begin_life(model, call);
	if (is_on_end(call->function) && place->life == LIVE) {
		model->illegal |= class_at(call->subject) == CUP && place->notify.how;
		place->notify = call->notify;
	}
	if (facts_of(frame)->role == ACQUIRES && !late)
		place->refs++;
}

/* Nothing is told of a free that comes too late but that. */
static bool is_repeated(struct model *model, int strand, int subject)
{
	struct place *place = &model->places[subject], *parent = model_parent_of(model, subject);
	return place->life != LIVE ||
	       (parent && parent->life != LIVE && !model_is_inside(model, &model->strands[strand], subject));
}

static void race(struct model *model, int strand, struct frame *frame, bool own)
{
	int subject = frame->call.subject;
	struct place *place = &model->places[subject];
	bool late = !own && model->times_out && !model->observes;
	expect(model, own ? REENTRANT_FREE : late ? DRAIN_TIMEOUT : LATE_FREE, subject);
	if (model->observes)
		return;
	place->life = FREEING;
	place->deferred = own || model->defers || (model->locks && holds_lock(model->strands[strand].thread));
	place->late = late;
	if (place->deferred) {
		turn_away(model, strand, late ? CASKS_REJECTED : CASKS_DEFERRED);
		return;
	}
	if (!model_may_wait(model, strand, subject))
		model->illegal = true;
	frame->phase = WAITS;
}

/* By a thread of the library: the call may be over before. */
static bool frees_elsewhere(const struct call *call)
{
	return call->function == CASK_CLOSE || (call->function == HAND_CLOSE && call->help);
}

static void begin_free(struct model *model, int strand, struct frame *frame)
{
	int subject = frame->call.subject, thread = model->strands[strand].thread;
	struct place *place = &model->places[subject];
	model->illegal |= place->life == UNMADE || subject == LAST_RESORT || model_is_finished(model, subject);
	model->illegal |= model_is_doubtful(model, strand, subject);
	frame->phase = ENTERED;
	if (is_repeated(model, strand, subject)) {
		if (facts_of(frame)->role == RELEASES && refer_inside(model, strand, subject, -1))
			return;
		expect(model, REPEAT_FREE, subject);
		if (!model->observes)
			turn_away(model, strand, CASKS_REJECTED);
		return;
	}
	model->illegal |= model_is_inside_passing(&model->strands[strand], subject) ||
	                  (frees_elsewhere(&frame->call) && place->notify.how);
	if (facts_of(frame)->role == RELEASES && place->refs > 1) {
		place->refs--;
		return;
	}
	frame->ends_life = true;
	place->life = RUNNING;
	model->illegal |= model_is_handed_over(model, thread, subject);
	/* Inside its cask's free, which was told of whatever was in flight on its taps. */
	const struct place *parent = model_parent_of(model, subject);
	if (parent && parent->life != LIVE && model->observes)
		return;
	bool own = model_in_flight(model, subject, thread, true), others = model_is_in_flight(model, subject);
	if (own || others)
		race(model, strand, frame, own);
}

/* Ops are let in until it returns, but no other such call. */
static void begin_finish(struct model *model, int strand, struct frame *frame)
{
	int subject = frame->call.subject;
	struct place *place = &model->places[subject];
	model->illegal |= place->life == UNMADE || subject == LAST_RESORT || place->notify.how;
	for (int tap = 0; tap < PLACES; tap++)
		model->illegal |= model_is_below(model, tap, subject) && model->places[tap].life != DEAD;
	model->illegal |= model_is_doubtful(model, strand, subject);
	frame->phase = ENTERED;
	if (place->life == LIVE && !model_is_finished(model, subject)) {
		model->illegal |= model_is_in_flight(model, subject);
		frame->finishes = true;
		return;
	}
	expect(model, REPEAT_FREE, subject);
	model->illegal |= model->observes;
	turn_away(model, strand, CASKS_REJECTED);
}

static void begin(struct model *model, int strand, struct frame *frame)
{
	switch (facts_of(frame)->role) {
	case CREATES:
	case CONSUMES:
		begin_create(model, frame);
		break;
	case FREES:
	case RELEASES:
		begin_free(model, strand, frame);
		break;
	case FINISHES:
		begin_finish(model, strand, frame);
		break;
	default:
		begin_op(model, strand, frame);
	}
}

/* --- step by step --- */

/* What the library calls in the middle of a call. */
static const struct notify *notify_of(const struct model *model, const struct frame *frame)
{
	if (frame->ends_life)
		return &model->places[frame->call.subject].notify;
	return functions[frame->call.function].calls_back ? &frame->call.notify : NULL;
}

/* True: the program's turn. */
static bool call_back(struct model *model, int strand, struct frame *frame)
{
	const struct notify *found = notify_of(model, frame);
	struct strand *on = &model->strands[strand];
	frame->phase = ENDS;
	if (!found || !found->how)
		return false;
	struct notify notify = *found;
	if (notify.how == ITSELF) {
		model->happened[F_ITSELF]++;
		struct frame *inner = push(model, strand, CALLING);
		inner->call.function = notify.function;
		inner->call.subject = notify.victim;
		return false;
	}
	push(model, strand, IN_PROGRAM);
	on->event = CALLS_BACK;
	on->serial = notify.serial;
	return true;
}

static void advance(struct model *model, int strand)
{
	struct strand *on = &model->strands[strand];
	while (!model->illegal) {
		struct frame *frame = top_of(on);
		on->event = frame->kind == CALLING ? BLOCKS : RETURNS;
		if (frame->kind != CALLING || frame->phase == WAITS)
			return;
		if (frame->phase == BEGINS)
			begin(model, strand, frame);
		else if (frame->phase == ENDS)
			pop_call(model, strand);
		else if (call_back(model, strand, frame))
			return;
	}
}

static int strand_run_by(const struct model *model, int thread)
{
	for (int i = 0; i < STRANDS; i++)
		if (model->strands[i].exists && model->strands[i].thread == thread)
			return i;
	return NOBODY;
}

static void go_on(struct model *model, int strand)
{
	unsigned from = model->woken_count;
	advance(model, strand);
	for (unsigned i = from; i < model->woken_count && !model->illegal; i++)
		advance(model, strand_run_by(model, model->woken[i]));
}

void model_call(struct model *model, int strand, const struct call *call)
{
	push(model, strand, CALLING)->call = *call;
	go_on(model, strand);
}

void model_return(struct model *model, int strand, int result)
{
	model->strands[strand].depth--;
	model->strands[strand].result = (int16_t)result;
	go_on(model, strand);
}

void model_jump_on(struct model *model, int strand, const struct call *call)
{
	model->strands[strand].depth--;
	model_call(model, strand, call);
}

/* What another thread has begun on a coroutine's stack, that one would have to notice. */
static void leave_call(struct model *model, int strand, const struct frame *frame)
{
	int subject = frame->call.subject;
	enum role role = facts_of(frame)->role;
	model->left_calls++;
	model->illegal |= frame->thread != model->strands[strand].thread;
	if (role == CREATES || role == CONSUMES || frame->call.makes != NOBODY)
		model->illegal = true;
	if (model->illegal || subject == NOBODY)
		return;
	struct place *place = &model->places[subject];
	if (frame->ends_life) {
		end_life(model, subject);
		place->left = true;
		model->left_frees[class_at(subject)]++;
	}
	struct place *parent = model_parent_of(model, subject);
	model->illegal |= place->life == FREEING && place->deferred;
	model->illegal |= parent && parent->life == FREEING && parent->deferred;
	if (!model->illegal && !frame->passes)
		left(model, strand, subject);
}

void model_leave(struct model *model, int strand, unsigned depth)
{
	struct strand *on = &model->strands[strand];
	while (on->depth > depth && !model->illegal) {
		struct frame frame = *top_of(on);
		on->depth--;
		if (frame.kind == IN_HANDLER)
			model->illegal = true;
		else if (frame.kind == CALLING)
			leave_call(model, strand, &frame);
	}
	for (unsigned i = 0; i < model->woken_count && !model->illegal; i++)
		advance(model, strand_run_by(model, model->woken[i]));
}

void model_abandon(struct model *model, int strand)
{
	struct strand *on = &model->strands[strand];
	on->abandoned = true;
	for (int at = 0; at < on->depth; at++) {
		const struct frame *frame = &on->frames[at];
		if (frame->kind != CALLING)
			continue;
		model->left_calls++;
		if (frame->ends_life)
			model->left_frees[class_at(frame->call.subject)]++;
		if (frame->call.makes != NOBODY)
			model->left_makes[class_at(frame->call.makes)]++;
	}
}
