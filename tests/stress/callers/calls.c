#include "world.h"

/* xorshift64* (G. Marsaglia, S. Vigna) */
unsigned draw(struct world *world, unsigned below)
{
	world->random ^= world->random >> 12;
	world->random ^= world->random << 25;
	world->random ^= world->random >> 27;
	return (unsigned)((world->random * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below;
}

bool has(const struct world *world, enum feature feature)
{
	return world->features >> feature & 1;
}

struct object *new_object(struct world *world, const struct notify *notify)
{
	if (world->object_count == OBJECTS)
		return NULL;
	struct object *object = &world->objects[world->object_count++];
	*object = (struct object){.world = world, .notify = *notify};
	object->notify.serial = (uint16_t)world->object_count;
	if (notify->victim != NOBODY)
		object->victim = casks_at(&world->cellar, (unsigned)notify->victim);
	return object;
}

/* --- callbacks --- */

static int runs(void *argument)
{
	struct object *object = argument;
	arrive(CALLS_BACK, object->notify.serial);
	if (object->notify.dive)
		dive(object);
	else
		stay();
	leave_callback();
	return OF_CALLBACK;
}

/* Whether the callback ends by a jump into the library, which nobody can say of one that must not. */
static bool jumps(const struct object *object)
{
	struct call call = {.function = object->notify.function, .subject = object->notify.victim, .makes = NOBODY};
	arrive(CALLS_BACK, object->notify.serial);
	struct world *world = this_world();
	call.notify.victim = NOBODY;
	if (object->inner)
		call.notify = object->inner->notify;
	world->saved = world->model;
	world->model.happened[F_TAIL]++;
	model_jump_on(&world->model, here()->strand, &call);
	if (world->model.illegal) {
		world->model = world->saved;
		leave_callback();
		return false;
	}
	trace("  jumps to %s of %d", functions[call.function].name, call.subject);
	if (this_strand()->event == BLOCKS)
		hand_turn_over();
	return true;
}

#define JUMP(function)                                                                                                 \
	static int jumps_to_##function(void *object)                                                                   \
	{                                                                                                              \
		return jumps(object) ? function(((struct object *)object)->victim) : OF_CALLBACK;                      \
	}
JUMP(cask_poke)
JUMP(cask_free)
JUMP(tap_poke)
JUMP(tap_free)
JUMP(cup_poke)
JUMP(cup_unref)

static int jumps_to_cask_use(void *argument)
{
	struct object *object = argument;
	return jumps(object) ? cask_use(object->victim, runs, object->inner) : OF_CALLBACK;
}

static struct vessel *jumps_to_cup_ref(struct vessel *cup)
{
	return cup_ref(cup);
}

static const struct {
	casks_notify itself, jumps;
} notifies[FUNCTION_COUNT] = {
    [CASK_POKE] = {(casks_notify)cask_poke, jumps_to_cask_poke},
    [CASK_FREE] = {(casks_notify)cask_free, jumps_to_cask_free},
    [CASK_USE] = {NULL, jumps_to_cask_use},
    [TAP_POKE] = {(casks_notify)tap_poke, jumps_to_tap_poke},
    [TAP_FREE] = {(casks_notify)tap_free, jumps_to_tap_free},
    [CUP_POKE] = {(casks_notify)cup_poke, jumps_to_cup_poke},
    [CUP_UNREF] = {(casks_notify)cup_unref, jumps_to_cup_unref},
};

static casks_notify function_of(const struct notify *notify)
{
	switch (notify->how) {
	case RUNS:
		return runs;
	case JUMPS:
		return notifies[notify->function].jumps;
	case ITSELF:
		return notifies[notify->function].itself;
	default:
		return NULL;
	}
}

static void *object_of(struct world *world, const struct notify *notify)
{
	if (notify->how == ITSELF)
		return casks_at(&world->cellar, (unsigned)notify->victim);
	return notify->how ? &world->objects[notify->serial - 1] : NULL;
}

/* --- the calls themselves --- */

static int of_pointer(const void *pointer)
{
	return pointer ? 1 : CASKS_REJECTED;
}

static int create(struct cellar *cellar, const struct call *call, struct vessel *subject, casks_notify notify,
                  void *object)
{
	struct vessel *made = NULL;
	switch (call->function) {
	case CASK_NEW:
		return of_pointer(cask_new(cellar));
	case CASK_OPEN:
		return of_pointer(cask_open(cellar, notify, object));
	case CASK_OPEN_TO:
		return cask_open_to(&made, cellar, notify, object) == 0 ? of_pointer(made) : CASKS_REJECTED;
	case TAP_NEW:
		return of_pointer(tap_new(subject));
	case TAP_OPEN:
		return of_pointer(tap_open(subject, notify, object));
	case TAP_MAKE:
		return of_pointer(tap_make(subject, notify, object));
	case CUP_NEW:
		return of_pointer(cup_new(cellar));
	case CUP_WRAP:
		return of_pointer(cup_wrap(cellar, subject, call->help ? jumps_to_cup_ref : cup_ref, notify, object));
	default:
		return of_pointer(cup_next(cellar, subject));
	}
}

static int really(const struct call *call)
{
	struct world *world = this_world();
	struct vessel *subject = call->subject == NOBODY ? NULL : casks_at(&world->cellar, (unsigned)call->subject);
	casks_notify notify = function_of(&call->notify);
	void *object = object_of(world, &call->notify);
	if (call->makes != NOBODY) {
		world->cellar.next = casks_at(&world->cellar, (unsigned)call->makes);
		return create(&world->cellar, call, subject, notify, object);
	}
	switch (call->function) {
	case CASK_POKE:
		return cask_poke(subject);
	case CASK_USE:
		return cask_use(subject, notify, object);
	case CASK_EACH:
		return cask_each(subject, notify, object);
	case CASK_ON_END:
		return cask_on_end(subject, notify, object, call->help);
	case CASK_WORK:
		return cask_work(subject, call->help);
	case CASK_FREE:
		return cask_free(subject);
	case CASK_CLOSE:
		return cask_close(subject, call->help);
	case CASK_FINISH:
		return cask_finish(subject, notify, object);
	case HAND_CLOSE:
		return hand_close(subject, call->help);
	case TAP_POKE:
		return tap_poke(subject);
	case TAP_USE:
		return tap_use(subject, notify, object);
	case TAP_ON_END:
		return tap_on_end(subject, notify, object, call->help);
	case TAP_FREE:
		return tap_free(subject);
	case CUP_REF:
		return of_pointer(cup_ref(subject));
	case CUP_UNREF:
		return cup_unref(subject);
	case CUP_POKE:
		return cup_poke(subject);
	case CUP_ON_END:
		return cup_on_end(subject, notify, object, call->help);
	default:
		return cup_use(subject, notify, object);
	}
}

/* --- calls whose callback may be left by a jump --- */

enum { LEFT = -1000 };

#if defined(__x86_64__)
__attribute__((noinline)) static int landing_builtin(struct landing *landing, const struct call *call)
{
	return __builtin_setjmp(landing->builtin) == 0 ? really(call) : LEFT;
}

__attribute__((noinline)) static void jump_builtin(struct landing *landing)
{
	__builtin_longjmp(landing->builtin, 1);
}
#endif

__attribute__((noinline)) static int landing_longjmp(struct landing *landing, const struct call *call)
{
	return setjmp(landing->jump) == 0 ? really(call) : LEFT;
}

__attribute__((noinline)) static int landing_context(struct landing *landing, const struct call *call)
{
	if (getcontext(&landing->context) != 0)
		fault("no context");
	return landing->left ? LEFT : really(call);
}

static int call_with_landing(struct landing *landing, const struct call *call)
{
#if defined(__x86_64__)
	if (landing->way == BY_BUILTIN)
		return landing_builtin(landing, call);
#endif
	return landing->way == BY_CONTEXT ? landing_context(landing, call) : landing_longjmp(landing, call);
}

static void jump(struct landing *landing)
{
#if defined(__x86_64__)
	if (landing->way == BY_BUILTIN)
		jump_builtin(landing);
#endif
	landing->left = true;
	if (landing->way == BY_CONTEXT)
		setcontext(&landing->context);
	longjmp(landing->jump, 1);
}

/* What the library cannot know. */
static void tell_library(const struct world *world, const struct frame *frame)
{
	if (frame->kind != CALLING || frame->call.subject == NOBODY)
		return;
	struct vessel *vessel = casks_at(&world->cellar, (unsigned)frame->call.subject);
	if (frame->ends_life)
		casks_free_left(vessel);
	else if (functions[frame->call.function].role == POKES && frame->call.function != CASK_EACH)
		casks_op_left(vessel);
}

/* A longjmp on the thread's own stack tells of what it leaves; but a child knows of what it has inherited only once it
 * has called the library itself. */
static bool is_told_of(const struct world *world, const struct landing *landing, const struct frame *frame)
{
	if (frame->kind != CALLING || frame->passes || frame->deferred || world->is_child)
		return false;
	enum role role = functions[frame->call.function].role;
	return landing->way == BY_LONGJMP && here()->strand < THREADS &&
	       (role == POKES || role == ACQUIRES || frame->ends_life);
}

bool jump_out(void)
{
	static const enum feature feature_of[WAYS] = {F_LONGJMP, F_BUILTIN, F_CONTEXT};
	struct world *world = this_world();
	int strand = here()->strand;
	unsigned count = world->landing_count[strand];
	if (!count)
		return false;
	unsigned index = count - 1 - draw(world, count < 3 ? count : 3);
	struct landing *landing = world->landings[strand][index];
	world->saved = world->model;
	world->model.happened[feature_of[landing->way]]++;
	model_leave(&world->model, strand, landing->depth);
	if (world->model.illegal) {
		world->model = world->saved;
		return false;
	}
	for (unsigned at = world->saved.strands[strand].depth; at-- > landing->depth;) {
		const struct frame *frame = &world->saved.strands[strand].frames[at];
		tell_library(world, frame);
		world->model.told_left += is_told_of(world, landing, frame);
	}
	trace("strand %d jumps to depth %u, by way %d", strand, landing->depth, landing->way);
	world->landing_count[strand] = index;
	jump(landing);
	return true;
}

/* --- from the program --- */

/* What was left is noticed by the next call that does not go the fast path. */
static void poke_last_resort(void)
{
	struct call call = {.function = CASK_POKE, .subject = LAST_RESORT, .makes = NOBODY};
	call.notify.victim = NOBODY;
	cask_look(casks_at(&this_world()->cellar, LAST_RESORT));
	if (!perform(&call))
		fault("nothing can be used any more");
}

static int call_leavable(const struct call *call, unsigned depth, unsigned way)
{
	struct world *world = this_world();
	int strand = here()->strand;
	struct landing landing = {.way = way, .depth = depth};
	struct call kept = *call;
	unsigned index = world->landing_count[strand]++;
	world->landings[strand][index] = &landing;
	int result = call_with_landing(&landing, &kept);
	if (result != LEFT)
		world->landing_count[strand] = index;
	return result;
}

static bool is_leavable(struct world *world, const struct call *call)
{
	return (has(world, F_LONGJMP) || has(world, F_BUILTIN) || has(world, F_CONTEXT)) && call->makes == NOBODY &&
	       world->landing_count[here()->strand] < LANDINGS && !here()->handling && draw(world, 2);
}

static unsigned random_way(struct world *world)
{
	static const enum feature features[WAYS] = {F_LONGJMP, F_BUILTIN, F_CONTEXT};
	unsigned way = draw(world, WAYS);
	for (unsigned i = 0; i < WAYS && !has(world, features[way]); i++)
		way = (way + 1) % WAYS;
	return way;
}

/* False: it must not be made now. */
bool perform(const struct call *call)
{
	struct world *world = this_world();
	int strand = here()->strand;
	unsigned depth = this_strand()->depth;
	world->saved = world->model;
	model_call(&world->model, strand, call);
	if (world->model.illegal) {
		world->model = world->saved;
		return false;
	}
	trace("thread %d, strand %d, depth %u: %s of %d, makes %d, notify %d %s of %d", here()->index, strand, depth,
	      functions[call->function].name, call->subject, call->makes, call->notify.how,
	      functions[call->notify.function].name, call->notify.victim);
	bool leavable = is_leavable(world, call);
	unsigned way = random_way(world);
	if (this_strand()->event == BLOCKS)
		hand_turn_over();
	int result = leavable ? call_leavable(call, depth, way) : really(call);
	if (result == LEFT)
		poke_last_resort();
	else
		arrive(RETURNS, result);
	return true;
}

bool try_return(void)
{
	struct world *world = this_world();
	world->saved = world->model;
	model_return(&world->model, here()->strand, OF_CALLBACK);
	if (world->model.illegal) {
		world->model = world->saved;
		return false;
	}
	trace("strand %d returns from its callback", here()->strand);
	if (this_strand()->event == BLOCKS)
		hand_turn_over();
	return true;
}

void leave_callback(void)
{
	for (unsigned i = 0; !try_return(); i++) {
		if (i > 1000)
			give_up();
		step(here()->handling);
		give_turn_on();
	}
}
