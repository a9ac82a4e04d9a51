#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "world.h"

enum { DEEPEST = FRAMES - 40, NEST = 12, DIVE = 72 };

/* --- what to do it with --- */

static bool has_class(const struct world *world, enum class class)
{
	return class == CASK || (class == TAP ? has(world, F_FAMILY) : has(world, F_SHARED) || has(world, F_CONSUME));
}

static enum class random_class(struct world *world) {
	enum class class = draw(world, CLASSES + 1) % CLASSES; return has_class(world, class) ? class : CASK;
}

/* The cup whose destroy callback this is; NOBODY: it is none. */
static int going_cup(const struct world *world)
{
	const struct strand *strand = this_strand();
	const struct frame *around = strand->depth > 1 ? &strand->frames[strand->depth - 2] : NULL;
	bool is = has(world, F_HELD_INSIDE) && around && around->kind == CALLING && around->ends_life;
	return is && class_at(around->call.subject) == CUP ? around->call.subject : NOBODY;
}

/* A handle of a class, most often a live one; NOBODY: there is none. */
static int random_handle(struct world *world, enum class class)
{
	if (class == CUP && going_cup(world) != NOBODY && draw(world, 4))
		return going_cup(world);
	bool live = draw(world, 100) >= world->misuse;
	int from = (int)draw(world, ROOM);
	for (int i = 0; i < ROOM; i++) {
		int place = (int)class * ROOM + (from + i) % ROOM;
		unsigned life = world->model.places[place].life;
		if (place != LAST_RESORT && life != UNMADE && (!live || life == LIVE))
			return place;
	}
	return NOBODY;
}

static int random_room(struct world *world, enum class class)
{
	int from = (int)draw(world, ROOM);
	bool reuse = has(world, F_REUSE) && draw(world, 3);
	for (int i = 0; i < ROOM; i++) {
		int place = (int)class * ROOM + (reuse ? (from + i) % ROOM : i);
		unsigned life = world->model.places[place].life;
		if (place == LAST_RESORT || !model_is_free(&world->model, place))
			continue;
		if (life == UNMADE || reuse)
			return place;
	}
	return NOBODY;
}

static struct notify plain(void)
{
	return (struct notify){.how = RUNS, .victim = NOBODY};
}

/* Which function of the library a callback jumps to, or is. */
static bool choose_function(struct world *world, struct notify *notify, int subject)
{
	static const uint8_t pokes[CLASSES] = {CASK_POKE, TAP_POKE, CUP_POKE},
	                     frees[CLASSES] = {CASK_FREE, TAP_FREE, CUP_UNREF};
	int victim = subject != NOBODY && !draw(world, 3) ? subject : random_handle(world, random_class(world));
	if (victim == NOBODY || victim == LAST_RESORT)
		return false;
	enum class class = class_at(victim);
	notify->victim = (int8_t)victim;
	notify->function = draw(world, 2) ? frees[class] : pokes[class];
	if (notify->how == JUMPS && class == CASK && !draw(world, 4))
		notify->function = CASK_USE;
	return true;
}

static bool give_object(struct world *world, struct notify *notify)
{
	if (notify->how == ITSELF)
		return true;
	struct object *inner = NULL, *object;
	if (notify->how == JUMPS && notify->function == CASK_USE) {
		struct notify inside = plain();
		inner = new_object(world, &inside);
		if (!inner)
			return false;
	}
	object = new_object(world, notify);
	if (!object)
		return false;
	object->inner = inner;
	notify->serial = object->notify.serial;
	return true;
}

static struct notify random_notify(struct world *world, int subject)
{
	struct notify notify = plain();
	unsigned what = draw(world, 3);
	if (what == 1 && has(world, F_TAIL))
		notify.how = JUMPS;
	if (what == 2 && has(world, F_ITSELF))
		notify.how = ITSELF;
	if (notify.how != RUNS && !choose_function(world, &notify, subject))
		notify = plain();
	if (notify.how == RUNS && has(world, F_DEEP) && !draw(world, 8) && this_strand()->depth < DEEPEST - 2 * DIVE) {
		notify.dive = DIVE;
		world->model.happened[F_DEEP]++;
	}
	if (!give_object(world, &notify))
		notify = (struct notify){.how = NOT, .victim = NOBODY};
	return notify;
}

/* --- calls --- */

static const enum feature help_features[CASKS_HELPS] = {
    [CASKS_CALLS] = F_HELPER, [CASKS_JUMPS] = F_HELPER_JUMPS, [CASKS_STARTS] = F_HELPER_STARTS};

static bool any_help(const struct world *world)
{
	return has(world, F_HELPER) || has(world, F_HELPER_JUMPS) || has(world, F_HELPER_STARTS);
}

static uint8_t random_help(struct world *world)
{
	unsigned help = 1 + draw(world, CASKS_HELPS - 1);
	for (unsigned i = 1; i < CASKS_HELPS; i++, help = 1 + help % (CASKS_HELPS - 1))
		if (has(world, help_features[help]))
			return (uint8_t)help;
	return CASKS_NO_HELP;
}

static bool is_wanted(const struct world *world, enum function function, bool simple)
{
	const struct function_facts *it = &functions[function];
	unsigned depth = this_strand()->depth;
	bool deep = depth > NEST && (depth < 2 * DIVE || depth > 2 * DIVE + NEST);
	bool nests = it->calls_back && (simple || deep);
	switch (function) {
	case CASK_EACH:
		return has(world, F_JUMP_OP) && !nests;
	case CASK_ON_END:
	case TAP_ON_END:
	case CUP_ON_END:
		return has(world, F_DESTROY) && !simple && has_class(world, it->subject);
	case CASK_WORK:
	case CASK_CLOSE:
		return any_help(world) && !simple;
	case CUP_WRAP:
		return has(world, F_SHARED) && (has(world, F_TAIL) || has(world, F_ITSELF));
	case CUP_NEXT:
		return has(world, F_CONSUME);
	case CASK_FINISH:
		return has(world, F_FINISH) && !nests;
	case HAND_CLOSE:
		return has(world, F_HAND) && !simple;
	case CASK_OPEN:
	case CASK_OPEN_TO:
	case TAP_OPEN:
	case TAP_MAKE:
		return has(world, F_OPENING) && !nests && (it->makes == CASK || has(world, F_FAMILY));
	default:
		return !nests && (it->subject == CLASSES || has_class(world, it->subject)) &&
		       (it->makes == CLASSES || has_class(world, it->makes));
	}
}

static enum function random_function(struct world *world, bool simple)
{
	unsigned live = 0;
	for (int place = 0; place < PLACES; place++)
		live += world->model.places[place].life == LIVE;
	for (;;) {
		enum function function = draw(world, FUNCTION_COUNT);
		if (going_cup(world) != NOBODY && draw(world, 2))
			return draw(world, 2) ? CUP_REF : CUP_UNREF;
		if (live < 4 && draw(world, 2))
			function = CASK_NEW;
		if (is_wanted(world, function, simple))
			return function;
	}
}

static void note_features(struct world *world, const struct call *call)
{
	unsigned *happened = world->model.happened;
	const struct function_facts *it = &functions[call->function];
	happened[F_JUMP_OP] += call->function == CASK_EACH;
	if (call->function != CUP_WRAP && call->help)
		happened[help_features[call->help]]++;
	happened[F_FINISH] += call->function == CASK_FINISH;
	happened[F_HAND] += call->function == HAND_CLOSE;
	happened[F_OPENING] += it->makes != CLASSES && it->calls_back;
	happened[F_SHARED] += it->subject == CUP || it->makes == CUP;
	happened[F_CONSUME] += call->function == CUP_NEXT;
	happened[F_FAMILY] += it->subject == TAP || it->makes == TAP;
	happened[F_REUSE] += call->makes != NOBODY && world->model.places[call->makes].life == DEAD;
	happened[F_DESTROY] += is_on_end(call->function);
}

/* The drop of a cup that holds another is a release of that. */
static void hold_another(struct world *world, struct call *call)
{
	call->subject = (int8_t)random_handle(world, CUP);
	call->help = has(world, F_TAIL) && (!has(world, F_ITSELF) || draw(world, 2));
	call->notify =
	    (struct notify){.how = call->help ? JUMPS : ITSELF, .function = CUP_UNREF, .victim = call->subject};
	if (call->subject == NOBODY || !give_object(world, &call->notify))
		call->function = CUP_POKE;
}

/* A create that returns its handle, and hands a callback that is a guarded function a dead one, or one that another
 * create is just making, looks from outside like one that hands it its own: where the value comes from cannot be seen.
 */
static bool looks_like_own(const struct world *world, const struct call *call)
{
	int victim = call->notify.victim;
	if (call->notify.how != ITSELF || call->function == CASK_OPEN_TO || victim == call->makes)
		return false;
	return world->model.places[victim].life != LIVE || model_is_being_made(&world->model, victim);
}

/* Subject NOBODY, and nothing made: there is nothing to do it with. */
static struct call make_call(struct world *world, enum function function)
{
	const struct function_facts *it = &functions[function];
	struct call call = {.function = (uint8_t)function, .subject = NOBODY, .makes = NOBODY};
	call.notify.victim = NOBODY;
	if (it->subject != CLASSES)
		call.subject = (int8_t)random_handle(world, it->subject);
	if (it->makes != CLASSES)
		call.makes = (int8_t)random_room(world, it->makes);
	if ((it->subject != CLASSES && call.subject == NOBODY) || (it->makes != CLASSES && call.makes == NOBODY)) {
		call = (struct call){.function = CASK_POKE, .subject = LAST_RESORT, .makes = NOBODY};
		call.notify.victim = NOBODY;
		world->finishing |= function == CASK_NEW;
		return call;
	}
	if (function == CUP_WRAP)
		hold_another(world, &call);
	if (it->calls_back || is_on_end(function))
		call.notify = random_notify(world, it->makes != CLASSES ? call.makes : call.subject);
	if (it->makes != CLASSES && it->calls_back && looks_like_own(world, &call)) {
		call.notify = plain();
		if (!give_object(world, &call.notify))
			call.notify.how = NOT;
	}
	if (function == CASK_WORK || function == CASK_CLOSE || function == CASK_ON_END ||
	    (function == HAND_CLOSE && draw(world, 2)))
		call.help = random_help(world);
	return call;
}

static bool random_call(bool simple)
{
	struct world *world = this_world();
	struct call call = make_call(world, random_function(world, simple));
	if (call.subject == NOBODY && call.makes == NOBODY)
		return false;
	if (functions[call.function].calls_back && !call.notify.how)
		return false;
	struct model *model = &world->model;
	unsigned before[FEATURE_COUNT];
	for (int i = 0; i < FEATURE_COUNT; i++)
		before[i] = model->happened[i];
	note_features(world, &call);
	if (perform(&call))
		return true;
	for (int i = 0; i < FEATURE_COUNT; i++)
		model->happened[i] = before[i];
	return false;
}

/* --- signals --- */

void handle(int number)
{
	(void)number;
	struct thread *self = here();
	struct world *world = self->world;
	struct thread *interrupter = self->interrupter;
	if (interrupter)
		await_interruption(self);
	self->interrupter = NULL;
	struct strand *strand = this_strand();
	bool waits = self->waits;
	uint8_t event = strand->event;
	int16_t result = strand->result;
	int handling = self->handling;
	self->handling = (int)++world->handlers;
	self->waits = false;
	model_push(&world->model, self->strand, IN_HANDLER);
	world->model.happened[F_SIGNAL]++;
	trace("thread %d handles a signal", self->index);
	for (unsigned steps = 1 + draw(world, 3); steps; steps--)
		random_call(true);
	trace("thread %d has handled it", self->index);
	self->handling = handling;
	self->waits = waits;
	strand->depth--;
	strand->event = event;
	strand->result = result;
	if (interrupter)
		sem_post(&interrupter->turn);
}

static bool send_signal(void)
{
	struct thread *self = here();
	struct world *world = self->world;
	int number = draw(world, 2) ? SIGUSR1 : SIGUSR2;
	struct thread *other = &world->threads[draw(world, world->model.threads)];
	if (other == self)
		return raise(number) == 0;
	if (world->model.done[other->index])
		return false;
	interrupt(other, number);
	return true;
}

/* --- coroutines --- */

static void switch_to(int target)
{
	struct thread *self = here();
	struct world *world = self->world;
	int from = self->strand;
	struct strand *strands = world->model.strands;
	trace("thread %d: strand %d to %d", self->index, from, target);
	strands[from].thread = NOBODY;
	strands[from].home = (int8_t)(has(world, F_MOVED) && from >= THREADS ? NOBODY : self->index);
	strands[target].thread = (int8_t)self->index;
	self->strand = target;
	world->last_run[from] = self->index;
	swapcontext(&world->contexts[from], &world->contexts[target]);
}

static bool can_resume(const struct thread *self, int strand)
{
	const struct strand *it = &self->world->model.strands[strand];
	return it->exists && !it->abandoned && it->thread == NOBODY && (it->home == NOBODY || it->home == self->index);
}

void live_coroutine(void)
{
	struct world *world = this_world();
	for (unsigned steps = 2 + draw(world, 6); steps && !world->finishing; steps--) {
		step(false);
		give_turn_on();
	}
	struct thread *self = here();
	trace("strand %d ends", self->strand);
	world->model.strands[self->strand].exists = false;
	self->strand = self->index;
	world->model.strands[self->strand].thread = (int8_t)self->index;
	setcontext(&world->contexts[self->strand]);
}

static bool begin_coroutine(void)
{
	struct world *world = this_world();
	int strand = THREADS;
	while (strand < STRANDS && world->model.strands[strand].exists)
		strand++;
	if (strand == STRANDS)
		return false;
	ucontext_t *context = &world->contexts[strand];
	if (!world->stacks[strand])
		world->stacks[strand] = malloc(STACK);
	if (!world->stacks[strand] || getcontext(context) != 0)
		abort();
	context->uc_stack.ss_sp = world->stacks[strand];
	context->uc_stack.ss_size = STACK;
	makecontext(context, live_coroutine, 0);
	world->model.strands[strand] = (struct strand){.exists = true, .thread = NOBODY, .home = NOBODY};
	world->landing_count[strand] = 0;
	world->last_run[strand] = here()->index;
	model_push(&world->model, strand, IN_PROGRAM);
	world->model.happened[F_COROUTINE]++;
	switch_to(strand);
	return true;
}

static bool resume_any(void)
{
	struct thread *self = here();
	struct world *world = self->world;
	int from = (int)draw(world, STRANDS);
	for (int i = 0; i < STRANDS; i++) {
		int strand = (from + i) % STRANDS;
		if (!can_resume(self, strand))
			continue;
		if (strand >= THREADS && world->last_run[strand] != self->index)
			world->model.happened[F_MOVED]++;
		switch_to(strand);
		return true;
	}
	return false;
}

/* --- steps --- */

/* A call, or whatever else there is to do; simple: nothing that would not come back at once. */
bool step(bool simple)
{
	struct world *world = this_world();
	unsigned what = draw(world, 18);
	if (world->steps && !--world->steps)
		world->finishing = true;
	if (what == 17 && play_aside(world))
		return true;
	if (simple || world->finishing || what < 10)
		return random_call(simple || world->finishing);
	if (what < 12 && has(world, F_COROUTINE))
		return begin_coroutine();
	if (what < 14 && has(world, F_COROUTINE))
		return resume_any();
	if (what == 14 && has(world, F_SIGNAL))
		return send_signal();
	if (what == 15 && (has(world, F_LONGJMP) || has(world, F_BUILTIN) || has(world, F_CONTEXT)))
		return jump_out();
	if (what == 16 && has(world, F_FORK))
		return have_child();
	return random_call(false);
}

/* In a callback, until it is to return. */
void stay(void)
{
	struct world *world = this_world();
	while (!world->finishing && draw(world, 4)) {
		bool simple = here()->handling;
		step(simple);
		if (!simple && draw(world, 2))
			give_turn_on();
	}
}

void dive(struct object *object)
{
	struct world *world = this_world();
	struct call call = {.function = CASK_USE, .subject = LAST_RESORT, .makes = NOBODY};
	int other = random_handle(world, CASK);
	if (other != NOBODY && world->model.places[other].life == LIVE && draw(world, 2))
		call.subject = (int8_t)other;
	call.notify = plain();
	call.notify.dive = (uint8_t)(object->notify.dive - 1);
	if (!give_object(world, &call.notify) || !perform(&call))
		stay();
}

/* --- the end --- */

/* Lets a coroutine end, or leaves it for good. False: none is left. */
static bool end_coroutine(struct thread *self)
{
	struct world *world = self->world;
	for (int strand = THREADS; strand < STRANDS; strand++) {
		if (!can_resume(self, strand))
			continue;
		if (!model_is_awaited(&world->model, strand) && !draw(world, 3))
			model_abandon(&world->model, strand);
		else
			switch_to(strand);
		return true;
	}
	return false;
}

/* What its coroutines are in outlives it. */
static bool goes_early(struct thread *self)
{
	struct world *world = self->world;
	return has(world, F_MOVED) && !world->finishing && !draw(world, 40) && finish_thread();
}

void run_thread(struct thread *self)
{
	struct world *world = self->world;
	adopt(self);
	sem_post(&world->over);
	await_turn(self);
	while (!world->finishing) {
		step(false);
		give_turn_on();
		if (goes_early(self))
			return;
	}
	while (end_coroutine(self))
		give_turn_on();
	if (world->is_child)
		end_child(world);
	finish_thread();
	/* What is parked for good must not be taken for what a thread left behind. */
	for (;;)
		pause();
}
