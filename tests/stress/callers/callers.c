/* Random programs about whose call it is: callbacks of every kind in threads, signal handlers and coroutines. What one
 * does follows from its seed alone.
 *
 * callers SEED STEPS MODE DRAIN FENCE FEATURES: MODE is guard, observe or alone, DRAIN wait, defer, late or auto, FENCE
 * membarrier or, to do without it, full. FEATURES: what there may be, with commas between, or all, of which the seed
 * chooses. Prints what callers.py holds against the recording; callers features lists them. Exit status 3: what came
 * was not what must; the first such thing is told. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "scenario.h"
#include "world.h"

enum { WORLDS = 3, PATIENCE = 8, HANDLER_STACK = 1 << 17 };

bool tracing;
static struct world *worlds[WORLDS];
static unsigned world_count;

void fault(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("fault: ", stdout);
	vprintf(format, arguments);
	putchar('\n');
	va_end(arguments);
	fflush(stdout);
	_exit(3);
}

void trace(const char *format, ...)
{
	if (!tracing)
		return;
	char text[256];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	fprintf(stderr, "%u: %s\n", here() ? this_world()->number : 0, text);
}

void give_up(void)
{
	puts("stuck");
	fflush(stdout);
	_exit(0);
}

/* --- the beginning --- */

static bool is_named(const char *names, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = names; (at = strstr(at, name)); at += length)
		if ((at == names || at[-1] == ',') && (!at[length] || at[length] == ','))
			return true;
	return false;
}

static uint64_t features_named(const char *names)
{
	uint64_t found = 0;
	for (int i = 0; i < FEATURE_COUNT; i++)
		found |= (uint64_t)is_named(names, feature_names[i]) << i;
	return found;
}

static uint64_t random_features(struct world *world)
{
	uint64_t features = draw(world, 4) ? UINT64_C(1) << F_THREADS : 0;
	for (unsigned i = 2 + draw(world, 5); i; i--)
		features |= UINT64_C(1) << draw(world, F_ASIDES);
	/* Each by itself, so that one more makes no other rarer. */
	for (int aside = F_ASIDES; aside < FEATURE_COUNT; aside++)
		features |= (uint64_t)!draw(world, 4) << aside;
	/* Only one that is alone can have children, or knows the shed. */
	if (world_count == 1 && !draw(world, 3))
		features |= UINT64_C(1) << F_FORK | UINT64_C(1) << F_DEED | UINT64_C(1) << F_SHED;
	if (features >> F_MOVED & 1)
		features |= UINT64_C(1) << F_COROUTINE | UINT64_C(1) << F_THREADS;
	if (features >> F_HELD_INSIDE & 1)
		features |= UINT64_C(1) << F_SHARED | UINT64_C(1) << F_DESTROY;
	return features;
}

static struct world *new_world(uint64_t seed, unsigned number, char **arguments)
{
	struct world *world = calloc(1, sizeof *world);
	if (!world)
		abort();
	world->number = number;
	world->random = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15) ^ (number + 1) * UINT64_C(0xbf58476d1ce4e5b9);
	for (int i = 0; i < 8; i++)
		draw(world, 2);
	world->steps = (unsigned)atoi(arguments[0]);
	world->features = strcmp(arguments[4], "all") ? features_named(arguments[4]) : random_features(world);
	for (int i = 0; i < FEATURE_COUNT; i++)
		if (has(world, (enum feature)i))
			trace("world %u can %s", number, feature_names[i]);
	/* What a handle is made from that another thread uses before its create returns, several creates leave open. */
	if (world_count > 1 && has(world, F_OPENING))
		world->features &= ~(UINT64_C(1) << F_FAMILY);
	world->misuse = draw(world, 40);
	world->model.observes = strcmp(arguments[1], "guard") != 0;
	world->model.times_out = strcmp(arguments[2], "late") == 0;
	world->model.locks = strcmp(arguments[2], "auto") == 0;
	world->model.defers = world->model.times_out || strcmp(arguments[2], "defer") == 0;
	world->model.threads = (uint8_t)(has(world, F_THREADS) ? 2 + draw(world, THREADS - 1) : 1);
	world->model.happened[F_THREADS] = has(world, F_THREADS);
	casks_furnish(&world->cellar, PLACES);
	world->cellar.who = who;
	sem_init(&world->over, 0, 0);
	for (int i = 0; i < PLACES; i++)
		world->model.places[i].parent = world->model.places[i].notify.victim = NOBODY;
	return world;
}

/* By this name Ruby tells whether the calling thread holds its lock. */
int ruby_thread_has_gvl_p(void);
int ruby_thread_has_gvl_p(void)
{
	return holds_lock(here()->index);
}

static void *act(void *argument)
{
	struct thread *self = argument;
	stack_t stack = {.ss_sp = malloc(HANDLER_STACK), .ss_size = HANDLER_STACK};
	if (!stack.ss_sp || sigaltstack(&stack, NULL) != 0)
		abort();
	run_thread(self);
	return NULL;
}

static const char *where(const struct world *world, int thread)
{
	for (int i = 0; i < STRANDS; i++) {
		const struct strand *strand = &world->model.strands[i];
		if (strand->exists && strand->thread == thread)
			for (int at = strand->depth - 1; at >= 0; at--)
				if (strand->frames[at].kind == CALLING)
					return functions[strand->frames[at].call.function].name;
	}
	return "no call";
}

static void tell_hang(const struct world *world)
{
	for (int i = 0; i < world->model.threads; i++)
		printf("thread %d is in %s%s\n", i, where(world, i),
		       world->threads[i].waits ? ", and is to wait there" : "");
	fault("nothing goes on: a call waits that should not");
}

static void await_end(struct world *world)
{
	unsigned progress = world->progress;
	for (;;) {
		struct timespec limit;
		clock_gettime(CLOCK_REALTIME, &limit);
		limit.tv_sec += PATIENCE;
		if (sem_timedwait(&world->over, &limit) == 0)
			return;
		if (errno == ETIMEDOUT && progress == world->progress)
			tell_hang(world);
		progress = world->progress;
	}
}

static void begin(struct world *world)
{
	struct model *model = &world->model;
	for (int i = 0; i < model->threads; i++) {
		struct thread *thread = &world->threads[i];
		*thread = (struct thread){.world = world, .index = i, .strand = i};
		model->strands[i] = (struct strand){.exists = true, .thread = (int8_t)i, .home = (int8_t)i};
		model_push(model, i, IN_PROGRAM);
		sem_init(&thread->turn, 0, 0);
		sem_init(&thread->interruption, 0, 0);
		if (pthread_create(&thread->thread, NULL, act, thread) != 0)
			abort();
		await_end(world); /* of its beginning */
	}
	sem_post(&world->threads[0].turn);
}

/* --- the end --- */

void tell_outcome(const struct world *world)
{
	static const char *const kinds[] = {"late-free",      "repeat-free",   "late-op",
	                                    "reentrant-free", "drain-timeout", "freed-late"};
	const struct model *model = &world->model;
	for (int i = 0; i < FEATURE_COUNT; i++)
		if (model->happened[i])
			printf("feature %s %u\n", feature_names[i], model->happened[i]);
	for (unsigned i = 0; i < model->expected_count; i++) {
		const struct expected *it = &model->expected[i];
		printf("expect %s %p %u\n", kinds[it->kind], (void *)casks_at(&world->cellar, it->place), it->number);
	}
	for (unsigned i = 0; i < model->nulls; i++)
		puts("expect null-op 0 0");
	for (unsigned i = 0; i < model->strays; i++)
		printf("expect stray %p 0\n", (void *)never_given_out);
	for (unsigned i = 0; i < world->cellar.bad && i < CASKS_LOGGED; i++)
		printf("bad %p %p %s\n", (void *)world->cellar.log[i].vessel, (void *)world->cellar.log[i].parent,
		       world->cellar.log[i].what);
	for (int i = 0; i < CLASSES; i++)
		printf("book %s %u %u %u %u\n", (const char *[]){"cask", "tap", "cup"}[i], world->cellar.made[i],
		       world->cellar.ended[i], model->left_makes[i], model->left_frees[i]);
	printf("book lid %u %u 0 0\n", world->cellar.lids, world->cellar.lids);
	tell_asides(world);
	printf("left %u %u\n", model->left_calls, model->told_left);
}

static void make_last_resort(struct world *world)
{
	world->cellar.next = casks_at(&world->cellar, LAST_RESORT);
	cask_new(&world->cellar);
	world->model.places[LAST_RESORT].life = LIVE;
	world->model.places[LAST_RESORT].number = 1;
}

static int list_features(void)
{
	for (int i = 0; i < FEATURE_COUNT; i++)
		puts(feature_names[i]);
	return 0;
}

/* It is registered before the library has any of its own, and so is run after those. */
static void end(void)
{
	for (unsigned i = 0; i < world_count; i++)
		use_drosses_late(worlds[i]);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "features") == 0)
		return list_features();
	if (argc != 7)
		return 2;
	if (strcmp(argv[5], "full") == 0)
		forbid_membarrier();
	tracing = getenv("CALLERS_TRACE");
	if (atexit(end) != 0)
		return 2;
	struct sigaction action = {.sa_handler = handle}, apart = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &apart, NULL);
	uint64_t seed = strtoull(argv[1], NULL, 10);
	world_count = 1 + (unsigned)(seed / 5 % WORLDS);
	for (unsigned i = 0; i < world_count; i++) {
		worlds[i] = new_world(seed, i, argv + 2);
		worlds[i]->is_alone = world_count == 1;
		make_last_resort(worlds[i]);
		begin(worlds[i]);
	}
	for (unsigned i = 0; i < world_count; i++)
		await_end(worlds[i]);
	for (unsigned i = 0; i < world_count; i++)
		tell_outcome(worlds[i]);
	puts("over");
	fflush(stdout);
	return 0;
}
